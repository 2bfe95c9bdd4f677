/** Command lines: one table of options per command, from which both the parser and the help are made. */
import { parseArgs } from 'node:util';
import { AdaptiveError } from '../core/errors.js';

export interface OptionRow {
  /** What the value is, for the help; '' for a switch. */
  readonly value: string;
  readonly help: string;
  /** Whether it may be given several times. */
  readonly many?: true;
}

export type OptionTable = Readonly<Record<string, OptionRow>>;

type OptionValue = string | true | readonly string[];

/** The values of a command line, read by type. Every reader names the option when it does not fit. */
export class Options {
  readonly #values: ReadonlyMap<string, OptionValue>;

  private constructor(values: ReadonlyMap<string, OptionValue>) {
    this.#values = values;
  }

  /** @throws AdaptiveError 'invalid-option' on an option that the table does not have. */
  static parse(args: readonly string[], table: OptionTable): Options {
    const options = Object.fromEntries(
      Object.entries(table).map(([name, { value, many = false }]) => [
        name,
        { type: value === '' ? ('boolean' as const) : ('string' as const), multiple: many },
      ]),
    );
    try {
      const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
      const entries = Object.entries(values).map(([name, value]): readonly [string, OptionValue] => [
        name,
        optionValue(value),
      ]);
      return new Options(new Map(entries));
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new AdaptiveError('invalid-option', `${message}. See --help.`, {}, { cause });
    }
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** Of an option that may be given several times; [] where it was not. */
  texts(name: string): readonly string[] {
    const value = this.#values.get(name);
    return typeof value === 'object' ? value : [];
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new AdaptiveError('invalid-option', `--${name} is needed. See --help.`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : toNumber(name, value);
  }

  numbers(name: string): number[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((part) => toNumber(name, part));
  }

  /** One of a few words. */
  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      throw new AdaptiveError('invalid-option', `--${name}: expected ${choices.join(', ')}, got ${value}.`);
    }
    return found;
  }
}

function optionValue(value: unknown): OptionValue {
  if (Array.isArray(value)) return value.map(String);
  return value === true ? true : String(value);
}

/** @throws AdaptiveError 'invalid-option' */
export function toNumber(name: string, text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isNaN(value)) throw new AdaptiveError('invalid-option', `--${name}: expected a number, got “${text}”.`);
  return value;
}

/** The table as lines of help. */
export function helpLines(table: OptionTable): string {
  const rows = Object.entries(table).map(
    ([name, { value, help }]) => [`  --${name} ${value}`.trimEnd(), help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, help]) => left.padEnd(width) + help).join('\n');
}
