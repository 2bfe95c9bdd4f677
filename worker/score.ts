/** How probable a model finds a text, token by token. */
import type { TokenScore } from '../core/protocol.js';
import type { Tokenizer } from '../core/tokenizer.js';
import { evaluationProgram } from '../model/language-model.js';
import type { Engine } from './engine.js';
import { nextTask } from './next-task.js';
import { RecurrentState } from './recurrent-state.js';
import type { WritingState } from './stream-reader.js';

/** Steps of one replay. */
const scoringSteps = 128;

/**
 * The loss of each token of `ids` in nats, read on from a place; null when interrupted. `opening`, at least one token, is
 * what stands before them and was not read yet. On the kernels that the engine writes with, beside its own state.
 */
export async function tokenLosses(
  { executor, config, loadOptions }: Engine,
  { state }: Pick<WritingState, 'state'>,
  { opening, ids }: { readonly opening: Int32Array; readonly ids: Int32Array },
  interrupted: () => boolean,
): Promise<Float32Array | null> {
  const all = Int32Array.from([...opening, ...ids]);
  const losses = new Float32Array(Math.max(0, all.length - 1));
  const runner = await executor.load(evaluationProgram(config, { batch: 1, maxSteps: scoringSteps }), loadOptions);
  try {
    const recurrent = new RecurrentState(runner);
    if (state) recurrent.restore(state);
    else recurrent.clear();
    for (let from = 0; from < losses.length; from += scoringSteps) {
      if (interrupted()) return null;
      const part = losses.subarray(from, from + scoringSteps);
      runner.write('ids', all.subarray(from, from + part.length));
      runner.write('targets', all.subarray(from + 1, from + 1 + part.length));
      runner.run(part.length);
      await runner.read('losses', part);
      await nextTask();
    }
    return losses.subarray(opening.length - 1);
  } finally {
    runner.unload();
  }
}

/**
 * Tokens with their text and ln p. The texts together are the decoded text: a character of several tokens stands with
 * the one that completes it.
 */
export function asScores(
  tokenizer: Tokenizer,
  ids: Int32Array,
  losses: Float32Array,
  before: string,
): readonly TokenScore[] {
  const decoder = tokenizer.decoder(before);
  const scores = Array.from(ids, (id, i) => ({ text: decoder.push(id), logProbability: -(losses[i] ?? NaN) }));
  const last = scores.pop();
  return last ? [...scores, { ...last, text: last.text + decoder.end() }] : [];
}
