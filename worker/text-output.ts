/** Text on its way out: gathered, searched for stop strings, and sent a frame's worth at a time. */
import { StopStrings } from './stop-strings.js';

/** Tokens written and not yet sent are sent after this long, so that a page gets frames rather than floods. */
const sendInterval = 16; // ms

/** Text to append, and the number of tokens so far. */
export type TextListener = (text: string, tokens: number) => void;

export class TextOutput {
  text = '';
  tokens = 0;
  #unsent = '';
  #sentAt = 0;
  readonly #stops: StopStrings;

  constructor(
    stops: readonly string[],
    readonly onText: TextListener | undefined,
  ) {
    this.#stops = new StopStrings(stops);
  }

  /** Adds one token's text. True when a stop string was met. */
  push(piece: string): boolean {
    this.tokens++;
    const { text, met } = this.#stops.push(piece);
    this.#add(text);
    if (performance.now() - this.#sentAt >= sendInterval) this.#send();
    return met;
  }

  end(rest: string): void {
    this.#add(this.#stops.push(rest).text + this.#stops.end());
    this.#send();
  }

  #add(text: string): void {
    this.text += text;
    this.#unsent += text;
  }

  #send(): void {
    if (this.#unsent === '') return;
    this.onText?.(this.#unsent, this.tokens);
    this.#unsent = '';
    this.#sentAt = performance.now();
  }
}
