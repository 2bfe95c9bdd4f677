/** A model from a file, whoever wrote it. What reads the files of others is fetched when there is one. */
import { decodeModel, isOurs, type ModelFile } from './model-file.js';
import { readSafetensors } from './safetensors.js';

/** Files of other tools, both ways. */
export const exchange = () => import('./exchange.js');

/**
 * `tokenizer` is a file that says what the ids of a model by others mean.
 * @throws AdaptiveError 'model-file' or 'model-config'
 */
export async function readModel(bytes: ArrayBuffer | Uint8Array, tokenizer?: Uint8Array): Promise<ModelFile> {
  const file = readSafetensors(bytes);
  return isOurs(file) ? decodeModel(file) : (await exchange()).importModel(file, { tokenizer });
}
