/** All that is kept: models with their runs, and the texts of these. */
import type { TrainingEvent } from '../../core/protocol.js';
import type { StoredModel } from '../../core/stored.js';
import { Shelf } from '../corpus/shelf.js';
import { RunKeeper } from '../run-keeper.js';
import { CheckpointStore, type KeptName, type OpenedCheckpoint } from './checkpoint-store.js';
import type { Folder } from './folder.js';
import type { Locks } from './locks.js';

export class ModelStore {
  /** Texts as tokens, of runs and of others. */
  readonly shelf: Shelf;
  readonly #checkpoints: CheckpointStore;

  constructor(
    readonly models: Folder,
    readonly corpora: Folder,
    locks: Locks,
  ) {
    this.#checkpoints = new CheckpointStore(models, locks);
    this.shelf = new Shelf(corpora, () => this.needed());
  }

  get kind() {
    return this.models.kind;
  }

  /** The size of each includes that of its text. */
  async list(): Promise<readonly StoredModel[]> {
    const [entries, texts] = await Promise.all([this.#checkpoints.list(), this.shelf.list()]);
    const sizes = new Map(texts.map(({ id, bytes }) => [id, bytes]));
    return entries.map(({ corpora, ...model }) => ({
      ...model,
      bytes: [...new Set(corpora)].reduce((sum, id) => sum + (sizes.get(id) ?? 0), model.bytes),
    }));
  }

  async find(name: string): Promise<StoredModel | null> {
    return (await this.list()).find((stored) => stored.name === name) ?? null;
  }

  /** As CheckpointStore.open. */
  open(name: string): Promise<OpenedCheckpoint | null> {
    return this.#checkpoints.open(name);
  }

  /** As CheckpointStore.claim. */
  claim(name: string): Promise<KeptName> {
    return this.#checkpoints.claim(name);
  }

  /** Keeps a run of a model of `length` numbers, every `interval` seconds. */
  keeper(kept: KeptName, length: number, interval: number, onEvent: (event: TrainingEvent) => void): RunKeeper {
    return new RunKeeper(kept, length, interval, onEvent);
  }

  /** With its text, unless another run needs that. @throws AdaptiveError 'in-use' */
  async remove(name: string): Promise<void> {
    const own = (await this.#checkpoints.list()).find((stored) => stored.name === name)?.corpora ?? [];
    await this.#checkpoints.remove(name);
    const needed = await this.needed();
    for (const id of own) if (!needed.has(id)) await this.shelf.remove(id);
  }

  /** Ids of the texts of all runs. */
  async needed(): Promise<ReadonlySet<string>> {
    return new Set((await this.#checkpoints.list()).flatMap(({ corpora }) => corpora));
  }
}
