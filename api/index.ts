/** The model as a class, without any element and without side effects: for pages of one's own, and for Node. */
export { AdaptiveLM } from './adaptive-lm.js';
export type { Availability } from './availability.js';
export type { DownloadProgressEvent } from './download-monitor.js';
export { AdaptiveException, exceptionNames } from './exceptions.js';
export type { GivenWorker, NodeWorker } from './given-worker.js';
export type {
  CreateOptions,
  EvaluateOptions,
  ExportOptions,
  ImportOptions,
  LearnOptions,
  PromptOptions,
  SamplingOptions,
  SignalOption,
  TrainRunOptions,
} from './options.js';
export type { TrainingRun } from './training-run.js';
export type { BackendChoice, BackendReason } from '../core/backend.js';
export { AdaptiveError, type ErrorCode } from '../core/errors.js';
export type { ExportFormat } from '../core/file-formats.js';
export type { Precision } from '../core/precision.js';
export type {
  Evaluation,
  LearningResult,
  ModelInfo,
  ModelShape,
  TokenScore,
  TrainingEvent,
  TrainingProgress,
  TrainingResult,
} from '../core/protocol.js';
