/** `lm export`: a model as a file for other tools. */
import { checkPrecision, exportFormats } from '../core/file-formats.js';
import { precisions } from '../core/precision.js';
import { encodeAs } from '../worker/files/exchange.js';
import { decodeModelFile } from '../worker/files/model-file.js';
import { readBytes, writeBytes } from './files.js';
import { helpLines, Options, type OptionTable } from './options.js';

const table: OptionTable = {
  model: { value: 'FILE', help: 'model file (required)' },
  format: {
    value: 'NAME',
    help: `${exportFormats.join(', ')} (required): docs/onnx.md and docs/pytorch.md say what is in them`,
  },
  out: { value: 'FILE', help: 'where the file goes (required)' },
  precision: { value: 'NAME', help: 'f32 (default), f16, or int8 where the format has it' },
};

export const exportHelp = helpLines(table);

export async function exportModel(args: readonly string[]): Promise<void> {
  const options = Options.parse(args, table);
  const [from, to] = [options.required('model'), options.required('out')];
  options.required('format');
  const format = options.choice('format', exportFormats) ?? 'safetensors';
  const precision = options.choice('precision', precisions) ?? 'f32';
  checkPrecision(format, precision);
  const model = decodeModelFile(await readBytes(from));
  const file = encodeAs(format, { ...model, precision });
  await writeBytes(to, file);
  process.stdout.write(`${to}: ${format}, ${precision}, ${file.byteLength.toLocaleString('en')} bytes\n`);
}
