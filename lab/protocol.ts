/**
 * The wall between the page and the laboratory's worker. The call goes through Comlink and is answered with a Reply; frames
 * and commands go over a MessagePort handed in with it.
 */
import type { Reply } from '../core/protocol.js';
import type { AnyFrame, Report } from './experiment.js';

/** Where the digits are: below an address, or in files that the reader chose. */
export type MnistSource =
  { readonly kind: 'site'; readonly url: string } | { readonly kind: 'files'; readonly files: readonly File[] };

export interface LabRequest {
  /** A name of `experiments.ts`. */
  readonly experiment: string;
  /** What the experiment's `parse` is to read. */
  readonly settings: unknown;
  readonly seed: number;
  readonly mnist: MnistSource;
  /** Texts by their names, for experiments on text. */
  readonly texts: Readonly<Record<string, string>>;
  /**
   * newest: a frame is sent once the one before it was drawn, and what came in between is forgotten.
   * all: every frame is sent, and the run is never more than one ahead of those that were taken.
   */
  readonly frames: 'newest' | 'all';
  /** As in `Watch`. */
  readonly stepsPerFrame: number | null;
  /** Stands still after its first frame, until it is told to go on. */
  readonly held: boolean;
}

/** step: as far as the next frame, of a run that stands still. taken: the frame sent last was; there may be another. */
export type LabCommand =
  | { readonly type: 'pause' | 'resume' | 'step' | 'stop' | 'taken' }
  | { readonly type: 'speed'; readonly stepsPerFrame: number | null };

export interface LabApi {
  /** Runs an experiment. `port` sends frames, takes LabCommand. Answers 'busy' while another one runs. */
  run(request: LabRequest, port: MessagePort): Promise<Reply<Report<AnyFrame>>>;
}
