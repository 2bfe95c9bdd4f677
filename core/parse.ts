/**
 * The words in which settings are refused. A schema made of these parts says for every field what was expected, and
 * `parse` adds which field it was and what came instead.
 */
import * as v from 'valibot';
import { AdaptiveError, type ErrorCode } from './errors.js';

/** Whole numbers are grouped (1,000,000), fractions written out (0.95, 1e-12), whatever the locale. */
function figure(bound: number): string {
  return Number.isInteger(bound) ? bound.toLocaleString('en-US') : String(bound);
}

/** A whole number from `min` to `max`, both included. */
export function whole(min: number, max: number) {
  const message = `expected a whole number from ${figure(min)} to ${figure(max)}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** A number from `min` to `max`, both included. */
export function real(min: number, max: number) {
  const message = `expected a number from ${figure(min)} to ${figure(max)}`;
  return v.pipe(v.number(message), v.finite(message), v.minValue(min, message), v.maxValue(max, message));
}

export function flag() {
  return v.boolean('expected true or false');
}

export function choice<const T extends readonly string[]>(options: T) {
  return v.picklist(options, `expected ${alternatives(options)}`);
}

/** 'a', 'b' or 'c'. */
export function alternatives(options: readonly string[]): string {
  const quoted = options.map((option) => `'${option}'`);
  const last = quoted.pop() ?? '';
  return quoted.length > 0 ? `${quoted.join(', ')} or ${last}` : last;
}

/** An object with these settings and no others. */
export function settings<const T extends v.ObjectEntries>(entries: T) {
  return v.strictObject(entries, ({ expected, path }) => {
    if (!path) return 'expected an object of settings';
    return expected === 'never'
      ? `there is no such setting; there are ${Object.keys(entries).join(', ')}`
      : 'it is missing';
  });
}

/**
 * `input`, checked and with defaults filled in.
 * @throws AdaptiveError `code`, whose message names the field, what was expected and what came; `details` have
 * `field` (dotted, '' for the whole) and `received`.
 */
export function parse<T extends v.GenericSchema>(
  what: string,
  code: ErrorCode,
  schema: T,
  input: unknown,
): v.InferOutput<T> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = shorten(v.getDotPath(issue) ?? '');
  const received = issue.type.endsWith('_length') ? issue.received : show(issue.input);
  // Some messages are whole sentences: those about keys, or about several fields at once.
  const got = issue.message.startsWith('expected') ? `, got ${received}` : '';
  throw new AdaptiveError(code, `${what}${field && `, ${field}`}: ${issue.message}${got}.`, {
    field,
    received,
  });
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return shorten(String(value));
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
