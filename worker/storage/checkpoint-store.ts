/**
 * Models and their runs, each under a name, in two generations:
 *
 *     NAME.0.safetensors, NAME.1.safetensors   sealed checkpoints, see checkpoint.ts
 *
 * A new one is written over the older of the two, never over the only good one. Whenever that ends, in the middle of any
 * byte, the other is whole; which of two whole ones is newer is told by their `sequence`.
 */
import { AdaptiveError } from '../../core/errors.js';
import type { StoredModel } from '../../core/stored.js';
import { decodeCheckpoint, encodeCheckpoint, summarise, type Checkpoint } from './checkpoint.js';
import { asFileName, type Folder, type FolderEntry } from './folder.js';
import type { Locks } from './locks.js';
import { isWhole, readMetadata, readSealed, SealedWriter } from './sealed-file.js';

const generations = [0, 1] as const;
type Generation = (typeof generations)[number];

export interface StoredCheckpoint extends StoredModel {
  /** Ids of the texts that its runs need. */
  readonly corpora: readonly string[];
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The newest one could not be used; this is the one before it. */
  readonly older: boolean;
}

export class CheckpointStore {
  constructor(
    readonly folder: Folder,
    readonly locks: Locks,
  ) {}

  /** What is stored. Files that cannot be read are listed too, so that they can be deleted. */
  async list(): Promise<readonly StoredCheckpoint[]> {
    const entries = await this.folder.list();
    const names = new Set(entries.map(({ name }) => nameOf(name)).filter((name) => name !== null));
    return Promise.all([...names].map((name) => this.#describe(name, entries)));
  }

  /**
   * The newest whole checkpoint under a name, or null when there is none yet.
   * @throws AdaptiveError 'checkpoint' when there is one that cannot be read; details.reason is 'damaged' or 'newer'
   */
  async open(name: string): Promise<OpenedCheckpoint | null> {
    const found = await this.#generations(name);
    let broken = found.filter(({ head }) => head !== 'whole').length;
    for (const { generation, head } of found) {
      const file = head === 'whole' ? await this.folder.read(fileName(name, generation)) : null;
      const content = file && (await readSealed(file).finally(() => file.close()));
      if (content) return { checkpoint: decodeCheckpoint(content), older: broken > 0 };
      if (file) broken++;
    }
    // A first checkpoint that was cut off is as good as none.
    if (found.length === 0 || (found.length === 1 && found[0]?.head === 'short')) return null;
    throw new AdaptiveError(
      'checkpoint',
      `What is stored as “${name}” is damaged in all of its copies. Delete it and train anew; other stored models are not touched.`,
      { name, reason: 'damaged' },
    );
  }

  /** The right to write under a name. @throws AdaptiveError 'in-use', 'checkpoint' if it is of a later version */
  async claim(name: string): Promise<KeptName> {
    const release = await this.locks.take(name);
    if (!release) throw inUse(name);
    try {
      for (const { generation, head, sequence } of await this.#generations(name)) {
        const file = head === 'whole' ? await this.folder.read(fileName(name, generation)) : null;
        if (file && (await isWhole(file).finally(() => file.close()))) {
          return new KeptName(this.folder, name, release, { generation, sequence });
        }
      }
      return new KeptName(this.folder, name, release, null);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** @throws AdaptiveError 'in-use' */
  async remove(name: string): Promise<void> {
    const release = await this.locks.take(name);
    if (!release) throw inUse(name);
    try {
      for (const generation of generations) await this.folder.remove(fileName(name, generation));
    } finally {
      release();
    }
  }

  async #describe(name: string, entries: readonly FolderEntry[]): Promise<StoredCheckpoint> {
    const found = await this.#generations(name).catch(() => []);
    const own = entries.filter((entry) => nameOf(entry.name) === name);
    const run = found[0]?.run ?? null;
    return {
      name,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      savedAt: found[0]?.savedAt ?? null,
      run: run && { step: run.meter.step, totalSteps: run.totalSteps, corpus: run.corpus.name },
      inUse: await this.locks.isHeld(name),
      corpora: found.flatMap((each) => (each.run ? [each.run.corpus.id] : [])),
    };
  }

  /** Those that are there: those that have a head first, the newest before the other. */
  async #generations(name: string) {
    const found = await Promise.all(
      generations.map(async (generation) => {
        const file = await this.folder.read(fileName(name, generation));
        if (!file) return null;
        const metadata = await readMetadata(file).finally(() => file.close());
        if (typeof metadata === 'string') return { generation, head: metadata, sequence: 0, savedAt: null, run: null };
        return { generation, head: 'whole' as const, ...summarise(metadata) };
      }),
    );
    return found.filter((each) => each !== null).sort((a, b) => b.sequence - a.sequence);
  }
}

/** A name that is ours to write until it is released. */
export class KeptName {
  #good: { readonly generation: Generation; readonly sequence: number } | null;

  constructor(
    readonly folder: Folder,
    readonly name: string,
    /** Gives the name back. Twice is harmless. */
    readonly release: () => void,
    good: { readonly generation: Generation; readonly sequence: number } | null,
  ) {
    this.#good = good;
  }

  /** Begins to write a checkpoint, whose numbers must stay as they are until they are written. */
  async begin(checkpoint: Checkpoint): Promise<PendingCheckpoint> {
    const sequence = (this.#good?.sequence ?? 0) + 1;
    const generation = this.#good?.generation === 0 ? 1 : 0;
    const file = await this.folder.open(fileName(this.name, generation));
    try {
      const writer = await SealedWriter.begin(file, encodeCheckpoint(checkpoint, sequence, Date.now()));
      return new PendingCheckpoint(
        writer,
        checkpoint.run?.record.meter.step ?? null,
        () => (this.#good = { generation, sequence }),
      );
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

/** A checkpoint that is being written. After an error, or when it is closed before its end, it counts for nothing. */
export class PendingCheckpoint {
  constructor(
    readonly writer: SealedWriter,
    /** Where the run stands; null when it has ended. */
    readonly step: number | null,
    readonly done: () => void,
  ) {}

  get bytes(): number {
    return this.writer.bytes;
  }

  /** Whether the weights to write with may change now. */
  get modelWritten(): boolean {
    return this.writer.hasWritten('model');
  }

  /** Writes on for about so many seconds. True once all of it is there to stay. */
  async advance(seconds?: number): Promise<boolean> {
    try {
      if (!(await this.writer.advance(seconds))) return false;
    } catch (error) {
      await this.close();
      throw error;
    }
    await this.close();
    this.done();
    return true;
  }

  /** Twice is harmless. */
  async close(): Promise<void> {
    await this.writer.file.close();
  }
}

function fileName(name: string, generation: Generation): string {
  return `${asFileName(name)}.${generation}.safetensors`;
}

/** null for a file that is none of ours. */
function nameOf(file: string): string | null {
  const [, name] = /^([^.]+)\.[01]\.safetensors$/.exec(file) ?? [];
  return name === undefined ? null : decodeURIComponent(name);
}

function inUse(name: string): AdaptiveError {
  return new AdaptiveError(
    'in-use',
    `“${name}” is being trained in another tab or window, which keeps it. Stop it there, or keep this one under another name.`,
    { name },
  );
}
