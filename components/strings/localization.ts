/** Finds the words of an element: its own, those of its language, those for all. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { registry, tablesFor } from './registry.js';
import { Words, type SomeStrings } from './words.js';

interface LocalizedHost extends ReactiveControllerHost, HTMLElement {
  /** What the page says of this element alone. */
  readonly strings: SomeStrings | null;
}

/** Of the nearest element that has a `lang`, also outside of shadow roots; '' without one. */
function languageOf(element: Element): string {
  const nearest = element.closest('[lang]');
  if (nearest) return nearest.getAttribute('lang') ?? '';
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? languageOf(root.host) : '';
}

export class Localization implements ReactiveController {
  #words = new Words();
  #language = '';
  #attributes: MutationObserver | null = null;

  constructor(readonly host: LocalizedHost) {
    host.addController(this);
  }

  get words(): Words {
    const own = this.host.strings;
    const layers = own ? [...tablesFor(this.#language), own] : tablesFor(this.#language);
    const before = this.#words.layers;
    if (layers.length !== before.length || layers.some((layer, index) => layer !== before[index])) {
      this.#words = new Words(layers);
    }
    return this.#words;
  }

  hostConnected(): void {
    registry().changes.addEventListener('change', this);
    this.#attributes = new MutationObserver(() => this.handleEvent());
    this.#attributes.observe(document, { subtree: true, attributeFilter: ['lang'] });
    this.handleEvent();
  }

  hostDisconnected(): void {
    registry().changes.removeEventListener('change', this);
    this.#attributes?.disconnect();
  }

  /** The language may be another one, or have other words. */
  handleEvent(): void {
    this.#language = languageOf(this.host);
    this.host.requestUpdate();
  }
}
