/** What `<adaptive-complete>` tells the page, beside `adaptive-error`. The events bubble and cross shadow roots. */

/**
 * - `idle`: no model yet; it is loaded when the reader comes to the field. `loading`: it is on its way
 * - `ready`: waits for the reader to pause; `suggesting`: a suggestion is shown
 * - `error`: it cannot suggest, and the element says why
 */
export type CompleteState = 'idle' | 'loading' | 'ready' | 'suggesting' | 'error';

/** `adaptive-suggest`: a suggestion is shown, or another one. */
export class AdaptiveSuggestEvent extends Event {
  constructor(
    /** What is suggested. */
    readonly text: string,
  ) {
    super('adaptive-suggest', { bubbles: true, composed: true });
  }
}

/** `adaptive-accept`: the reader took a suggestion, or its first word. */
export class AdaptiveAcceptEvent extends Event {
  constructor(
    /** What was inserted. */
    readonly text: string,
    /** What is left of the suggestion, or ''. */
    readonly rest: string,
  ) {
    super('adaptive-accept', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'adaptive-suggest': AdaptiveSuggestEvent;
    'adaptive-accept': AdaptiveAcceptEvent;
  }
}
