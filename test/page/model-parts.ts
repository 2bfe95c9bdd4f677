/** A model file taken apart and put together again with something wrong in it. */
import { readSafetensors } from '../../worker/files/safetensors.js';
import { rawFile } from '../files/raw.js';

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly number[];
}

type Metadata = Readonly<Record<string, string>>;

export interface ModelParts {
  readonly metadata: Metadata;
  /** In the order of their bytes. */
  readonly entries: readonly (readonly [name: string, entry: Entry])[];
  readonly data: Uint8Array;
}

export async function takeApart(file: Blob): Promise<ModelParts> {
  const buffer = await file.arrayBuffer();
  const { metadata, tensors } = readSafetensors(buffer);
  const start = Math.min(...Array.from(tensors.values(), ({ data }) => data.byteOffset));
  const entries = Array.from(tensors.values(), ({ name, dtype, shape, data }) => {
    const begin = data.byteOffset - start;
    return [name, { dtype, shape, data_offsets: [begin, begin + data.byteLength] }] as const;
  });
  return { metadata, entries, data: new Uint8Array(buffer, start) };
}

/** The header is written by hand: an object could not hold a name twice. */
export function putTogether({ metadata, entries, data }: ModelParts, statedLength?: bigint): Blob {
  const members = entries.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  const header = `{"__metadata__":${JSON.stringify(metadata)},${members.join(',')}}`;
  return new Blob([new Uint8Array(rawFile(header, data, statedLength))]);
}

/** The parts with the tensor at `index` changed. */
export function withEntry(parts: ModelParts, index: number, change: (entry: Entry) => Partial<Entry>): ModelParts {
  const entries = parts.entries.map(([name, entry], i) =>
    i === index ? ([name, { ...entry, ...change(entry) }] as const) : ([name, entry] as const),
  );
  return { ...parts, entries };
}
