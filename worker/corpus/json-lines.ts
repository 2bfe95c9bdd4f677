/** Lines of JSON: each is an object whose "text" is a document. What else it has is left out. */
import { AdaptiveError } from '../../core/errors.js';
import type { TextFilter } from './text-bytes.js';

/** Characters of a line, which is held in memory as a whole. */
const longestLine = 2 ** 24;

export class JsonLines implements TextFilter {
  /** Of the line that has no end yet. */
  #waiting = '';
  #line = 0;
  #begun = false;

  constructor(readonly name: string) {}

  /** @throws AdaptiveError 'corpus-not-text' when a line is not what it should be */
  push(json: string): string[] {
    const lines = json.split('\n');
    const last = lines.pop() ?? '';
    const documents = lines.length === 0 ? [] : this.#read([this.#waiting + (lines[0] ?? ''), ...lines.slice(1)]);
    this.#waiting = lines.length === 0 ? this.#waiting + last : last;
    if (this.#waiting.length > longestLine) {
      throw this.#refusal(this.#line + 1, `is longer than ${longestLine.toLocaleString('en')} characters`);
    }
    return documents;
  }

  end(): string[] {
    const last = this.#waiting;
    this.#waiting = '';
    return this.#read([last]);
  }

  /** Each document but the very first begins a new one. */
  #read(lines: readonly string[]): string[] {
    const documents: string[] = [];
    for (const line of lines) {
      this.#line++;
      if (line.trim() === '') continue;
      const text = this.#text(line);
      if (text === '') continue;
      if (!this.#begun) this.#begun = true;
      else if (documents.length === 0) documents.push('');
      documents.push(text.endsWith('\n') ? text : `${text}\n`);
    }
    return documents;
  }

  #text(line: string): string {
    const value = this.#parse(line);
    if (typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string') {
      return value.text;
    }
    throw this.#refusal(this.#line, 'has no "text"');
  }

  #parse(line: string): unknown {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw this.#refusal(this.#line, 'is no JSON', cause);
    }
  }

  #refusal(line: number, reason: string, cause?: unknown): AdaptiveError {
    return new AdaptiveError(
      'corpus-not-text',
      `${this.name}, line ${line.toLocaleString('en')}, ${reason}. Every line of a .jsonl file is to be an object like ` +
        '{"text": "…"}, one for each document. Mend the line, or choose a file of plain text.',
      { name: this.name, line },
      { cause },
    );
  }
}
