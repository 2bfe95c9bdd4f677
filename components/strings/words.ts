/** What the elements say: a table of sections, each an object of texts, of functions that make texts, and of groups of them. */
import { AdaptiveError } from '../../core/errors.js';
import type { completeStrings } from './complete.js';
import type { modelStrings } from './model.js';
import type { savingStrings } from './saving.js';
import type { storedStrings } from './stored.js';
import type { trainingStrings } from './training.js';
import type { writerStrings } from './writer.js';

/** Every word of `<adaptive-lm>`, `<adaptive-trainer>`, `<adaptive-complete>` and `<adaptive-stored>`. */
export interface AdaptiveStrings {
  /** Messages, the status line, files: of all elements with a model. */
  readonly model: typeof modelStrings;
  readonly writer: typeof writerStrings;
  readonly training: typeof trainingStrings;
  readonly saving: typeof savingStrings;
  readonly stored: typeof storedStrings;
  readonly complete: typeof completeStrings;
}

/** Some of them; the rest stay as they are. */
export type SomeStrings = { readonly [Section in keyof AdaptiveStrings]?: Some<AdaptiveStrings[Section]> };

type Some<T> = T extends ((...given: never[]) => unknown) | readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Some<T[K]> }
    : T;

/** Its message is in the words of the element already. */
export class WordedError extends AdaptiveError {}

/** The words of an element. An element whose words change has other Words, so that parts that are given them draw again. */
export class Words {
  readonly #made: { -readonly [Section in keyof AdaptiveStrings]?: AdaptiveStrings[Section] } = {};

  /** Where several say the same thing, the last one's text is taken; where none does, the English one. */
  constructor(readonly layers: readonly SomeStrings[] = []) {}

  of<Section extends keyof AdaptiveStrings>(
    section: Section,
    english: AdaptiveStrings[Section],
  ): AdaptiveStrings[Section] {
    const made = this.#made[section] ?? this.layers.reduce((base, layer) => merge(base, layer[section] ?? {}), english);
    this.#made[section] = made;
    return made;
  }
}

/** `base` with what `over` has of it. */
function merge<T extends object>(base: T, over: object): T {
  const merged = { ...base };
  for (const [key, text] of Object.entries(over)) {
    const there: unknown = Reflect.get(base, key);
    if (text !== undefined) Reflect.set(merged, key, isGroup(there) && isGroup(text) ? merge(there, text) : text);
  }
  return merged;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
