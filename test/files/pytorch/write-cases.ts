/**
 * Writes models of every kind as state dicts, with the logits that ours computes while it writes greedily, for check.py:
 *
 *   node build/test/files/pytorch/write-cases.js FOLDER && python test/files/pytorch/check.py FOLDER
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generationProgram } from '../../../model/language-model.js';
import { decodeModelFile, type ModelFileContent } from '../../../worker/files/model-file.js';
import { encodePyTorch } from '../../../worker/files/pytorch/export-pytorch.js';
import { createWasmExecutor } from '../../../worker/wasm-executor.js';
import { modules } from '../../worker/engines.js';
import { everyKind, kindName, randomWeights } from '../models.js';

const tokens = 40;
const [folder = 'build/pytorch'] = process.argv.slice(2);

interface Case {
  readonly name: string;
  readonly file: string;
  /** What was read, and last what would have been. */
  readonly ids: readonly number[];
  /** After each of `ids` but the last. */
  readonly logits: readonly (readonly number[])[];
}

async function writeCase(name: string, content: ModelFileContent, file: string): Promise<Case> {
  await writeFile(join(folder, file), new Uint8Array(encodePyTorch(content)));
  const executor = await createWasmExecutor({ module: modules.kernels });
  const runner = await executor.load(generationProgram(content.config, 1));
  runner.write('parameters', content.parameters);
  runner.write('sampling', Float32Array.of(0, 0, 1)); // greedy
  const id = Int32Array.of(1);
  runner.write('ids', id);
  const [ids, logits]: [number[], number[][]] = [[1], []];
  for (let i = 0; i < tokens; i++) {
    runner.run(1);
    logits.push([...(await runner.read('logits', new Float32Array(content.config.vocabularySize)))]);
    ids.push(...(await runner.read('id', id)));
  }
  executor.destroy();
  return { name, file, ids, logits };
}

await mkdir(folder, { recursive: true });
const cases: Case[] = [];
for (const config of everyKind()) {
  const content = { config, parameters: randomWeights(config), title: '', validationLoss: null } as const;
  const file = `${cases.length}.safetensors`;
  cases.push(await writeCase(kindName(config), { ...content, tokenizer: { kind: 'bytes' } }, file));
}
const shipped = decodeModelFile(await readFile('models/shakespeare.safetensors'));
cases.push(await writeCase('the shipped model', shipped, 'shipped.safetensors'));
await writeFile(join(folder, 'cases.json'), JSON.stringify(cases));
