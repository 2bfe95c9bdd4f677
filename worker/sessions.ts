/**
 * The sessions of one model: texts that go on one at a time on its one engine, each with a recurrent state of its own. A
 * session is known by a number that its owner chose; 0 is the one that is meant when none is named.
 *
 * The engine holds the state of the session that went on last. Before another one goes on, that state is copied out. So
 * a session that rests is plain numbers: its copy survives the backend, and two that have not parted yet share one.
 */
import type { GenerationListener } from './generator.js';
import { Generator, type Place } from './generator.js';
import type { Engine } from './engine.js';
import { snapshotBytes } from './recurrent-state.js';

export class Sessions {
  readonly #texts = new Map<number, Generator>();
  /** Whose state the engine may be ahead of its copy with. */
  #latest: Generator | null = null;

  constructor(readonly engine: Engine) {}

  /** Bytes of the copies that are held: of each session that rests, H and A numbers for each layer. */
  get bytes(): number {
    const copies = new Set([...this.#texts.values()].map(({ copy }) => copy));
    return [...copies].reduce((sum, copy) => sum + (copy ? snapshotBytes(copy) : 0), 0);
  }

  /** The text of a session, ready to go on. One that is not known yet starts from nothing. */
  async at(session: number, { onBackend }: GenerationListener = {}): Promise<Generator> {
    const text = this.#texts.get(session) ?? new Generator(this.engine);
    this.#texts.set(session, text);
    if (text !== this.#latest) {
      await this.#latest?.save(onBackend);
      text.resume();
      this.#latest = text;
    }
    return text;
  }

  /** Tokens that a session has read and written. */
  usage(session: number): number {
    return this.#texts.get(session)?.usage ?? 0;
  }

  /** Takes back what a session read and wrote last, if it had `usage` tokens before that. */
  undo(session: number, usage: number): void {
    this.#texts.get(session)?.undo(usage);
  }

  /** Has session `to` stand where `from` stands. */
  async copy(from: number, to: number): Promise<void> {
    const place = await (await this.at(from)).save();
    const clone = new Generator(this.engine);
    clone.restore(place);
    this.#texts.set(to, clone);
  }

  /** Frees what is held for a session. Unknown ones are nothing to free. */
  close(session: number): void {
    if (this.#texts.get(session) === this.#latest) this.#latest = null;
    this.#texts.delete(session);
  }

  /** Where all sessions stand, as values: for `restore` on another engine of the same model. */
  async save(): Promise<ReadonlyMap<number, Place>> {
    const places = new Map<number, Place>();
    for (const [session, text] of this.#texts) places.set(session, await text.save());
    return places;
  }

  restore(places: ReadonlyMap<number, Place>): void {
    this.#latest = null;
    this.#texts.clear();
    for (const [session, place] of places) {
      const text = new Generator(this.engine);
      text.restore(place);
      this.#texts.set(session, text);
    }
  }

  /** To be called when the engine may have read something else meanwhile; `save` before that. */
  resume(): void {
    this.#latest = null;
  }
}
