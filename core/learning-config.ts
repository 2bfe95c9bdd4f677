/** How a model learns while it is used: a little of what its reader writes, and as much as it can of what it knew. */
import * as v from 'valibot';
import { parse, real, settings, whole } from './parse.js';

const schema = settings({
  /** Constant: there is no end to come down for. */
  learningRate: v.optional(real(0, 1), 0.0003),
  /** How often each token of the reader's is read, in the mean. */
  passes: v.optional(real(0.01, 100), 2),
  /** Rows of a batch that are the reader's own text: half of them of what came last. */
  readerRows: v.optional(whole(1, 256), 2),
  /** Rows that are rehearsal. */
  rehearsalRows: v.optional(whole(0, 256), 6),
  /** T: every row starts from the zero state. */
  segmentLength: v.optional(whole(2, 4096), 64),
  /** Tokens that the model writes before it learns anything, to rehearse what it knew. */
  rehearsalTokens: v.optional(whole(0, 1_000_000), 16_000),
  /** Tokens of the reader's that are kept to be read again, the newest ones. */
  memoryTokens: v.optional(whole(2, 10_000_000), 65_536),
  seed: v.optional(whole(0, 0xffff_ffff), 1),
});

export type LearningConfig = v.InferOutput<typeof schema>;
/** What a caller may leave out is left out. */
export type LearningOptions = v.InferInput<typeof schema>;

/** @throws AdaptiveError 'invalid-option' that names the field */
export function parseLearningConfig(input: unknown): LearningConfig {
  return parse('Learning options', 'invalid-option', schema, input);
}
