/**
 * The completion of one field, as long as it is that field's: waits for a pause, asks, shows, and listens to the keys that
 * take a suggestion or send it away. Without one on show no key means anything else than before.
 */
import { insertText, roomIn, textToComplete, type TextField } from './field.js';
import type { GhostLayer } from './ghost-layer.js';
import type { Origin } from './provenance.js';
import { firstWords } from './words.js';

/** A suggestion is read to those who listen once it has stood for so long, in ms. */
const announceAfter = 1000;

/** What the completion asks of its element, and tells it. */
export interface CompletionHost {
  /** ms without a key that count as a pause. */
  readonly delay: number;
  /** What may follow a text, or ''. Never rejects. */
  suggest(before: string, signal: AbortSignal): Promise<string>;
  /** There is another suggestion on show, or none: ''. It is `fresh` when it was not shown in part before. */
  onShow(text: string, fresh: boolean): void;
  onAccept(text: string, rest: string): void;
  /** The suggestion has stood long enough to be read out. */
  onRest(text: string): void;
  /** The reader came to the field, or left it. */
  onFocus(focused: boolean): void;
  /** The text is another one; `null`: it is about to be. */
  onText(text: string, origin: Origin | null): void;
}

/** How text comes in that a reader types. */
const typing = new Set(['insertText', 'insertCompositionText', 'insertLineBreak', 'insertParagraph']);

export class Completion {
  readonly #listeners = new AbortController();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #question: AbortController | null = null;
  /** What is shown, and the text that it is shown after. */
  #shown: { readonly before: string; readonly text: string } | null = null;
  #composing = false;
  #accepting = false;

  constructor(
    readonly field: TextField,
    readonly layer: GhostLayer,
    readonly host: CompletionHost,
  ) {
    const { signal } = this.#listeners;
    const listen: TextField['addEventListener'] = (type: string, listener: EventListenerOrEventListenerObject) =>
      field.addEventListener(type, listener, { signal });
    listen('focus', () => host.onFocus(true));
    listen('blur', () => {
      this.stop();
      host.onFocus(false);
    });
    listen('keydown', this.#onKey);
    listen('beforeinput', () => host.onText(field.value, null));
    listen('input', this.#onInput);
    listen('compositionstart', () => {
      this.#composing = true;
      this.stop();
    });
    listen('compositionend', () => {
      this.#composing = false;
      this.#wait();
    });
    const { ownerDocument: page } = field;
    page.addEventListener('selectionchange', this.#onSelection, { signal });
    page.addEventListener('reset', ({ target }) => target === field.form && this.stop(), { signal, capture: true });
    host.onText(field.value, null);
    if (field.matches(':focus')) host.onFocus(true);
  }

  get suggestion(): string {
    return this.#shown?.text ?? '';
  }

  /** Takes the suggestion, or its first word; whether there was one. */
  accept({ word = false } = {}): boolean {
    const shown = this.#shown;
    if (!shown) return false;
    if (textToComplete(this.field) !== shown.before) {
      this.stop(); // the page changed the text, or locked it
      return false;
    }
    const text = word ? firstWords(shown.text, 1) : shown.text;
    this.host.onText(this.field.value, null);
    this.#accepting = true;
    insertText(this.field, text);
    this.#accepting = false;
    this.host.onAccept(text, this.suggestion);
    return true;
  }

  /** Takes what is shown away, and what is on its way. */
  stop(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#rest);
    this.#question?.abort();
    this.#question = null;
    this.#show(null);
  }

  /** The field is no longer this completion's. */
  end(): void {
    this.#listeners.abort();
    this.stop();
  }

  #onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !this.#shown || event.defaultPrevented || event.isComposing) return;
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    if (metaKey || shiftKey) return;
    const onward = getComputedStyle(this.field).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const plain = !ctrlKey && !altKey;
    let used = false;
    if (key === 'Escape' && plain) {
      this.stop();
      used = true;
    } else if ((key === 'Tab' || key === onward) && plain) {
      used = this.accept();
    } else if (key === onward && ctrlKey !== altKey) {
      used = this.accept({ word: true });
    }
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #onInput = (event: Event): void => {
    const typed = event instanceof InputEvent && typing.has(event.inputType);
    this.host.onText(this.field.value, this.#accepting ? 'accepted' : typed ? 'typed' : 'foreign');
    if (this.#composing) return;
    const before = textToComplete(this.field);
    const shown = this.#shown;
    // Who types what is suggested sees it stay.
    if (shown && before?.startsWith(shown.before)) {
      const added = before.slice(shown.before.length);
      const text = shown.text.slice(added.length);
      if (text !== '' && shown.text.startsWith(added)) {
        this.#show({ before, text }, false);
        return;
      }
    }
    this.stop();
    this.#wait();
  };

  #onSelection = (): void => {
    if (this.#shown && textToComplete(this.field) !== this.#shown.before) this.stop();
  };

  #wait(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.#ask(), this.host.delay);
  }

  async #ask(): Promise<void> {
    this.#question?.abort();
    const before = this.#composing || !this.field.matches(':focus') ? null : textToComplete(this.field);
    if (before === null) return;
    const { signal } = (this.#question = new AbortController());
    const text = (await this.host.suggest(before, signal)).slice(0, roomIn(this.field));
    if (signal.aborted || text === '' || textToComplete(this.field) !== before) return;
    this.#show({ before, text });
  }

  #show(next: { readonly before: string; readonly text: string } | null, fresh = true): void {
    const previous = this.#shown;
    clearTimeout(this.#rest);
    this.#shown = next && this.layer.show(this.field, next.before, next.text) ? next : null;
    if (!this.#shown) this.layer.hide();
    const { suggestion } = this;
    if (suggestion === '' && !previous) return;
    this.host.onShow(suggestion, fresh);
    if (suggestion !== '') this.#rest = setTimeout(() => this.host.onRest(this.suggestion), announceAfter);
  }
}
