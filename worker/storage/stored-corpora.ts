/** Texts as tokens, kept so that a run can be gone on with: sealed files by what is in them, so that none is there twice. */
import { AdaptiveError } from '../../core/errors.js';
import type { Folder } from './folder.js';
import { readMetadata, readSealed, writeSealed } from './sealed-file.js';
import { Xxh32 } from './xxh32.js';

export class StoredCorpora {
  constructor(readonly folder: Folder) {}

  /** Resolves with an id. @throws AdaptiveError 'storage-full', 'disk' */
  async keep(tokens: Uint16Array): Promise<string> {
    const data = new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength);
    const hash = new Xxh32();
    hash.update(data);
    const id = `${hash.digest().toString(16)}-${tokens.length}`;
    const known = await this.folder.read(fileName(id));
    if (known && typeof (await readMetadata(known).finally(() => known.close())) === 'object') return id;
    const file = await this.folder.open(fileName(id));
    try {
      const tensor = { name: 'tokens', dtype: 'U16' as const, shape: [tokens.length], data };
      await writeSealed(file, { metadata: { format: 'adaptive-lm-tokens', version: '1' }, tensors: [tensor] });
    } finally {
      await file.close();
    }
    return id;
  }

  /** @throws AdaptiveError 'checkpoint' when it is gone or damaged */
  async open(id: string): Promise<Uint16Array> {
    const file = await this.folder.read(fileName(id));
    const content = file && (await readSealed(file).finally(() => file.close()));
    const data = content?.tensors.get('tokens')?.data;
    if (data) return new Uint16Array(data.slice().buffer);
    throw new AdaptiveError(
      'checkpoint',
      'The text that this model was learning is no longer stored, so its training cannot go on where it stood. ' +
        'The model is whole: write with it, or train it further on the text.',
      { reason: 'corpus' },
    );
  }

  /** Bytes that each takes, by id. */
  async sizes(): Promise<ReadonlyMap<string, number>> {
    const sizes = (await this.folder.list()).map(
      ({ name, bytes }) => [name.replace('.safetensors', ''), bytes] as const,
    );
    return new Map(sizes);
  }

  /** Deletes all others. */
  async keepOnly(ids: ReadonlySet<string>): Promise<void> {
    for (const id of (await this.sizes()).keys()) if (!ids.has(id)) await this.folder.remove(fileName(id));
  }
}

function fileName(id: string): string {
  return `${id}.safetensors`;
}
