/**
 * Follows the field that an id names, through all that a page may do meanwhile: it comes later, is replaced, loses its id,
 * turns into a password. A field has one completion; who comes second waits until it is free.
 */
import type { ReactiveController } from 'lit';
import { decisiveAttributes, isTextField, refusalOf, type TextField } from './field.js';

const owners = new WeakMap<TextField, Target>();

export type TargetProblem = 'not-a-field' | 'secret' | 'taken' | null;

export interface TargetHost extends HTMLElement {
  readonly htmlFor: string;
}

export class Target implements ReactiveController {
  field: TextField | null = null;
  problem: TargetProblem = null;

  readonly #observer = new MutationObserver(() => this.find());

  /** `onChange` is called when there is another field, or none, or what stands in the way is another thing. */
  constructor(
    readonly host: TargetHost,
    readonly onChange: (field: TextField | null, previous: TextField | null) => void,
  ) {}

  hostConnected(): void {
    this.#observer.observe(this.host.getRootNode(), {
      subtree: true,
      childList: true,
      attributeFilter: ['id', 'for', ...decisiveAttributes],
    });
    this.find();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#settle(null, null);
  }

  /** Looks once more for what the id names now. */
  find(): void {
    const root = this.host.getRootNode();
    const id = this.host.htmlFor;
    const lookedUp = root instanceof Document || root instanceof ShadowRoot ? root.getElementById(id) : null;
    if (!lookedUp || !this.host.isConnected) {
      this.#settle(null, null);
      return;
    }
    const refusal = refusalOf(lookedUp);
    if (refusal !== null || !isTextField(lookedUp)) {
      this.#settle(null, refusal);
      return;
    }
    const owner = owners.get(lookedUp);
    if (owner && owner !== this) this.#settle(null, 'taken');
    else this.#settle(lookedUp, null);
  }

  #settle(field: TextField | null, problem: TargetProblem): void {
    const previous = this.field;
    if (field === previous && problem === this.problem) return;
    if (previous && previous !== field) owners.delete(previous);
    if (field) owners.set(field, this);
    this.field = field;
    this.problem = problem;
    this.onChange(field, previous);
  }
}
