/** Follows whom a trainer teaches: its `target`, or the element that its `for` names. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ById, type ByIdHost } from '../by-id.js';
import { isLearnerElement, type Learner, type LearnerElement, type Trainable } from './learner.js';
import { TrainableLearner } from './trainable-learner.js';

interface LearnerTargetHost extends ReactiveControllerHost, ByIdHost {
  readonly target: LearnerElement | Trainable | null;
}

/** By which a learner tells that there is something new to show. */
const news = ['adaptive-state', 'adaptive-model', 'adaptive-run'] as const;

export class LearnerTarget implements ReactiveController {
  /** null for a model of its own, or while there is nobody. */
  learner: Learner | null = null;
  /** Whom `learner` is made of. */
  #source: LearnerElement | Trainable | null = null;
  #listening: AbortController | null = null;

  /** `onChange` is called when there is another one, or none. */
  constructor(
    readonly host: LearnerTargetHost,
    readonly onChange: () => void,
  ) {
    const byId = new ById(host, (found) => this.#named(found));
    this.find = () => byId.find();
    host.addController(byId);
    host.addController(this);
  }

  /** Looks once more. */
  readonly find: () => void;

  /** It is an element that shows its errors and saves by itself. */
  get tellsItself(): boolean {
    return this.#source !== null && isLearnerElement(this.#source);
  }

  /** The name under which it keeps what it learns; null if it does not. */
  get keep(): string | null {
    return this.#source && isLearnerElement(this.#source) ? this.#source.keep : null;
  }

  /** An error of an object was seen. */
  forgive(): void {
    if (this.learner instanceof TrainableLearner) this.learner.forgive();
  }

  hostDisconnected(): void {
    if (this.tellsItself) this.#settle(null);
  }

  #named(found: HTMLElement | null): void {
    const { target } = this.host;
    if (target || !found || isLearnerElement(found)) {
      this.#settle(target ?? (found && isLearnerElement(found) ? found : null));
      return;
    }
    this.#settle(null);
    // It may become one.
    const awaited = found.localName.includes('-') && !customElements.get(found.localName);
    if (awaited) void customElements.whenDefined(found.localName).then(() => this.find());
  }

  #settle(source: LearnerElement | Trainable | null): void {
    if (source === this.#source) return;
    this.#source = source;
    this.#listening?.abort();
    this.#listening = null;
    this.onChange();
    if (!source) this.learner = null;
    else if (isLearnerElement(source)) {
      this.learner = source;
      this.#listening = new AbortController();
      const { signal } = this.#listening;
      for (const type of news) source.addEventListener(type, () => this.host.requestUpdate(), { signal });
    } else {
      this.learner = new TrainableLearner(source, this.host, () => this.host.requestUpdate());
    }
  }
}
