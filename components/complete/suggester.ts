/**
 * What the model would write next, from a text that grows. The model has read the words before the last one once; for
 * a suggestion a copy of where it stands reads that last word and goes on. So a key costs a word, not a page; and since
 * no word is read in two pieces, it is read in the tokens that it would have in a text.
 */
import { AdaptiveError } from '../../core/errors.js';
import type { ModelInfo } from '../../core/protocol.js';
import type { ModelClient } from '../../worker/client.js';
import { firstWords } from './words.js';

/** What is read anew when the text did not merely grow, in UTF-16 units. */
const memory = 400;
/** The most that is written for a suggestion. */
const tokens = 24;
/** Of which the first words are shown. */
const words = 2;

/** The model's texts: what it has read, and the copy that goes on. */
const reading = 1;
const trying = 2;

export class Suggester {
  /** What the session has read the end of; null when that is not known. */
  #read: string | null = null;
  #latest: Promise<unknown> = Promise.resolve();

  constructor(
    readonly client: ModelClient,
    readonly model: ModelInfo,
  ) {}

  /**
   * A word or two that may follow `before`, on its line, or ''; '' too once `signal` aborted. Questions wait for each other.
   * @throws AdaptiveError of the client
   */
  suggest(before: string, signal: AbortSignal): Promise<string> {
    return this.alone(() => this.#suggest(before, signal));
  }

  /** Runs what the model cannot do while it suggests. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#latest.then(work);
    this.#latest = done.catch(() => {});
    return done;
  }

  async #suggest(before: string, signal: AbortSignal): Promise<string> {
    const stopped = () => signal.aborted;
    if (before.trim() === '' || stopped()) return '';
    const { text, tail } = divide(before);
    const glued = this.#gluesSpaces(tail);
    if (this.model.tokenizer === 'words' && !glued) return ''; // it knows whole words only
    const begun = text !== '';
    if (begun) {
      if (!(await this.#readUpTo(text, signal))) return '';
      await this.client.call((api) => api.copySession(reading, trying));
    }
    const prompt = glued ? tail.trimEnd() : tail;
    const options = { prompt, maxTokens: tokens, temperature: 0, stop: ['\n'], keepState: begun };
    const { text: written, reason } = await this.client.generate(options, { session: trying, signal });
    if (stopped() || reason === 'aborted') return '';
    if (glued && /^\S/.test(written)) return '';
    const line = (glued ? written.trimStart() : written).split('\n', 1)[0] ?? '';
    return firstWords(/\s$/.test(tail) ? line.trimStart() : line, words, reason === 'length');
  }

  /** Tokens of these kinds carry the space before them, which must not be read on its own then. */
  #gluesSpaces(tail: string): boolean {
    const { tokenizer } = this.model;
    return (tokenizer === 'bpe' || tokenizer === 'words') && /\s$/.test(tail);
  }

  /** Has the session stand after `text`; false when it was stopped on the way. */
  async #readUpTo(text: string, signal: AbortSignal): Promise<boolean> {
    const read = this.#read;
    const grown = read !== null && text.startsWith(read) && text.length - read.length <= memory;
    if (grown && text === read) return true;
    this.#read = null;
    const prompt = grown ? text.slice(read.length) : text.slice(-memory);
    const options = { prompt, maxTokens: 0, keepState: grown };
    const { reason } = await this.client.generate(options, { session: reading, signal });
    if (reason === 'aborted') {
      // Stopped while it read, it stands where it stood.
      if (grown) this.#read = read;
      return false;
    }
    this.#read = text;
    return true;
  }
}

/** A text up to its last word, and that word with the space before it: or that space, where nothing follows it. */
export function divide(before: string): { text: string; tail: string } {
  const tail = /\s*\S*$/.exec(before.slice(-memory))?.[0] ?? '';
  return { text: before.slice(0, before.length - tail.length), tail };
}

/** What it is no use to tell of: the reader went on, or the element is gone. */
export function isStopped(thrown: unknown): boolean {
  return thrown instanceof AdaptiveError && (thrown.code === 'aborted' || thrown.code === 'destroyed');
}
