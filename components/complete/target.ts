/**
 * Follows the field that an id names, through all that a page may do meanwhile: it comes later, is replaced, loses its id,
 * turns into a password. A field has one completion; who comes second waits until it is free.
 */
import { ById, type ByIdHost } from '../by-id.js';
import { decisiveAttributes, isTextField, refusalOf, type TextField } from './field.js';

const owners = new WeakMap<TextField, Target>();

export type TargetProblem = 'not-a-field' | 'secret' | 'taken' | null;

export class Target extends ById {
  field: TextField | null = null;
  problem: TargetProblem = null;

  /** `onChange` is called when there is another field, or none, or what stands in the way is another thing. */
  constructor(
    host: ByIdHost,
    readonly onChange: (field: TextField | null, previous: TextField | null) => void,
  ) {
    super(host, (found) => this.#look(found), decisiveAttributes);
  }

  #look(lookedUp: HTMLElement | null): void {
    if (!lookedUp) {
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
