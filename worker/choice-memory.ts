/**
 * What was measured, kept from one visit to the next where the platform keeps anything. Nothing depends on it: what
 * cannot be read is measured again.
 */
import { createStore, get, set, type UseStore } from 'idb-keyval';
import { within } from './within.js';

/** The faster backend, and how many times as fast as the other it was. */
export interface Measured {
  readonly backend: 'wasm' | 'webgpu';
  readonly times: number;
}

export interface ChoiceMemory {
  /** null when nothing is known. Never rejects. */
  recall(key: string): Promise<Measured | null>;
  /** Never rejects. */
  remember(key: string, measured: Measured): Promise<void>;
}

/** For as long as this worker or process lives. */
export function shortMemory(): ChoiceMemory {
  const known = new Map<string, Measured>();
  return {
    recall: async (key) => known.get(key) ?? null,
    remember: async (key, measured) => void known.set(key, measured),
  };
}

/** A store that does not answer must not keep anybody from training. */
const patience = 0.5; // s

/** For as long as the browser keeps the site's data: in IndexedDB, and in memory in case that refuses. */
export function longMemory(database = 'adaptive-lm'): ChoiceMemory {
  const short = shortMemory();
  let store: UseStore | null = null;
  const opened = (): UseStore => (store ??= createStore(database, 'backends'));
  return {
    recall: async (key) =>
      (await short.recall(key)) ?? asMeasured(await patiently(async () => get<unknown>(key, opened()))),
    remember: async (key, measured) => {
      await short.remember(key, measured);
      await patiently(async () => set(key, measured, opened()));
    },
  };
}

/** What `work` comes to, or null when it fails or takes too long. */
async function patiently<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await within(patience, work());
  } catch {
    return null;
  }
}

/** What is in a store may be anything. */
function asMeasured(value: unknown): Measured | null {
  if (typeof value !== 'object' || value === null || !('backend' in value) || !('times' in value)) return null;
  const { backend, times } = value;
  if ((backend !== 'wasm' && backend !== 'webgpu') || typeof times !== 'number') return null;
  return times >= 1 && Number.isFinite(times) ? { backend, times } : null;
}
