import type { ReactiveController } from 'lit';

export interface ByIdHost extends HTMLElement {
  readonly htmlFor: string;
}

/** Follows the element that `for` names in the same document or shadow root: it may come later, be replaced, lose its id. */
export class ById implements ReactiveController {
  readonly #observer = new MutationObserver(() => this.find());

  /** `onLook` is called with what the id names now, or null, whenever that may have changed. */
  constructor(
    readonly host: ByIdHost,
    readonly onLook: (found: HTMLElement | null) => void,
    /** Whose change matters, beside `id` and `for`. */
    readonly attributes: readonly string[] = [],
  ) {}

  hostConnected(): void {
    this.#observer.observe(this.host.getRootNode(), {
      subtree: true,
      childList: true,
      attributeFilter: ['id', 'for', ...this.attributes],
    });
    this.find();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.onLook(null);
  }

  find(): void {
    const root = this.host.getRootNode();
    const known = this.host.isConnected && (root instanceof Document || root instanceof ShadowRoot);
    this.onLook(known ? root.getElementById(this.host.htmlFor) : null);
  }
}
