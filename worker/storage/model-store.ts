/** All that is kept: models with their runs, and the texts of these. */
import type { TrainingEvent } from '../../core/protocol.js';
import type { StoredModel } from '../../core/stored.js';
import { RunKeeper } from '../run-keeper.js';
import { CheckpointStore, type KeptName, type OpenedCheckpoint } from './checkpoint-store.js';
import type { Folder } from './folder.js';
import type { Locks } from './locks.js';
import { StoredCorpora } from './stored-corpora.js';

export class ModelStore {
  readonly corpora: StoredCorpora;
  readonly #checkpoints: CheckpointStore;

  constructor(
    readonly models: Folder,
    corpora: Folder,
    locks: Locks,
  ) {
    this.#checkpoints = new CheckpointStore(models, locks);
    this.corpora = new StoredCorpora(corpora);
  }

  get kind() {
    return this.models.kind;
  }

  /** The size of each includes that of its text. */
  async list(): Promise<readonly StoredModel[]> {
    const [entries, sizes] = await Promise.all([this.#checkpoints.list(), this.corpora.sizes()]);
    return entries.map(({ corpora, ...model }) => ({
      ...model,
      bytes: corpora.reduce((sum, id) => sum + (sizes.get(id) ?? 0), model.bytes),
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

  /** With what nobody else needs. @throws AdaptiveError 'in-use' */
  async remove(name: string): Promise<void> {
    await this.#checkpoints.remove(name);
    await this.tidy();
  }

  /** Deletes texts that no run needs any longer. */
  async tidy(): Promise<void> {
    const entries = await this.#checkpoints.list();
    // A run that has just begun has kept its text, and nothing else yet.
    if (entries.some(({ inUse }) => inUse)) return;
    await this.corpora.keepOnly(new Set(entries.flatMap(({ corpora }) => corpora)));
  }
}
