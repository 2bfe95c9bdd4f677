/** `lm convert`: the same model in another precision. */
import { precisions } from '../core/precision.js';
import { decodeModelFile, encodeModelFile } from '../worker/files/model-file.js';
import { readBytes, writeBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';

const table: OptionTable = {
  model: { value: 'FILE', help: 'model file (required)' },
  out: { value: 'FILE', help: 'where the converted model goes, .safetensors (required)' },
  precision: {
    value: 'NAME',
    help: 'f32, f16 (half of that) or int8 (a quarter, and writes faster) (required)',
  },
};

export const convertHelp = helpLines(table);

export async function convert(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const [from, to] = [options.required('model'), options.required('out')];
  options.required('precision');
  const precision = options.choice('precision', precisions) ?? 'f32';
  const bytes = await readBytes(from);
  const model = decodeModelFile(bytes);
  const converted = encodeModelFile({ ...model, precision });
  await writeBytes(to, converted);
  process.stdout.write(
    `${from}: ${model.precision}, ${size(bytes)}\n${to}: ${precision}, ${size(converted)}, ` +
      `${((100 * converted.byteLength) / bytes.byteLength).toFixed(1)} % of it\n`,
  );
}

function size({ byteLength }: ArrayBuffer | Uint8Array): string {
  return `${byteLength.toLocaleString('en')} bytes`;
}
