import type { StoredModel } from '../core/stored.js';
import { formatWhole } from './format.js';
import { modelStrings } from './strings/model.js';
import type { Words } from './strings/words.js';

/** What is to be said of a run that was interrupted, or ''. */
export function interruptionOf(stored: StoredModel | null, words: Words): string {
  const strings = words.of('model', modelStrings);
  if (!stored?.run) return '';
  if (stored.inUse) return strings.inUseElsewhere;
  const { step, totalSteps, corpus } = stored.run;
  const what = corpus === '' ? '' : strings.interruptedOn(corpus);
  return strings.interrupted(what, formatWhole(step), formatWhole(totalSteps));
}
