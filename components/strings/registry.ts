/** Which words the page has chosen, by language: one registry for all copies of this code that are in the page. */
import type { SomeStrings } from './words.js';

interface Registry {
  /** By language tag in small letters; '' for all languages. */
  readonly tables: Map<string, SomeStrings>;
  /** Fires `change`. */
  readonly changes: EventTarget;
}

const key = Symbol.for('adaptive-lm.strings');

export function registry(): Registry {
  const there: unknown = Reflect.get(globalThis, key);
  if (isRegistry(there)) return there;
  const made: Registry = { tables: new Map(), changes: new EventTarget() };
  Reflect.set(globalThis, key, made);
  return made;
}

function isRegistry(value: unknown): value is Registry {
  return typeof value === 'object' && value !== null && 'tables' in value && 'changes' in value;
}

/**
 * Replaces words of all elements in the page, whole or in part; with a language, of those whose nearest `lang` is that
 * language, or a kind of it: `de` serves de-AT, too. A second call for a language takes the place of the first.
 */
export function setStrings(strings: SomeStrings): void;
export function setStrings(language: string, strings: SomeStrings): void;
export function setStrings(...given: [SomeStrings] | [string, SomeStrings]): void {
  const [language, strings] = given.length === 1 ? (['', given[0]] as const) : given;
  const { tables, changes } = registry();
  tables.set(language.toLowerCase(), strings);
  changes.dispatchEvent(new Event('change'));
}

/** The tables that are for `language`, the more general ones first. */
export function tablesFor(language: string): SomeStrings[] {
  const parts = language === '' ? [] : language.toLowerCase().split('-');
  const tags = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('-'))];
  return tags.map((tag) => registry().tables.get(tag)).filter((table) => table !== undefined);
}
