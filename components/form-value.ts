/** What a form sees of `<adaptive-lm>`: the text as its value, what is missing, and what the browser puts back. */

export interface Written {
  readonly prompt: string;
  readonly text: string;
}

export class FormValue {
  #shown: (Written & { readonly required: boolean }) | null = null;

  constructor(
    readonly host: HTMLElement,
    readonly internals: ElementInternals,
  ) {}

  /** `missing` says what to do when something is required and nothing is written; it is shown at `anchor`. */
  update(next: Written & { readonly required: boolean }, missing: string, anchor: HTMLElement | undefined): void {
    const { prompt, text, required } = next;
    const before = this.#shown;
    if (before?.prompt === prompt && before.text === text && before.required === required) return;
    this.#shown = next;
    const state = new FormData();
    state.append('prompt', prompt);
    state.append('text', text);
    this.internals.setFormValue(text, state);
    if (required && text === '') this.internals.setValidity({ valueMissing: true }, missing, anchor);
    else this.internals.setValidity({});
    // A form leads the reader to what is missing, and can do so only where focus can go.
    if (required && !this.host.hasAttribute('tabindex')) this.host.tabIndex = -1;
  }

  /** What `state` holds, if it is one of ours. */
  static read(state: File | string | FormData | null): Written | null {
    if (!(state instanceof FormData)) return null;
    const [prompt, text] = [state.get('prompt'), state.get('text')];
    return typeof prompt === 'string' && typeof text === 'string' ? { prompt, text } : null;
  }
}
