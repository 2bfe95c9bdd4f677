/**
 * `npm run bench [-- NAME …] [--json FILE]`: measures in a headless Chromium and prints every figure beside its limit.
 * Names: memory, products, nets, training, writing, start; without one, these. And peers: other engines beside ours, on
 * WASM; corpus: how fast texts are read, and in how little memory; checkpoint: how long training waits for one; completion:
 * how soon a field is completed; responsiveness: the longest task of the page's main thread, whatever the element does;
 * tokenizers: beside other tokenizers, on the tests' data; webgpu-peers: on WebGPU, some minutes on an adapter that computes on the CPU.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { launch, type Page } from 'puppeteer-core';
import { configurationNames, modelConfig, models, netConfig, netNames, netSizes } from './configurations.js';
import { adapterLines, type AdapterFacts } from './gpu/adapter.js';
import { measureCheckpoint } from './checkpoint.js';
import { measureCompletion } from './completion.js';
import { measureCorpora } from './corpus.js';
import { measureMemory } from './memory.js';
import { forwardOperations, netOperations, trainingOperations, weightBytes } from './operations.js';
import type { BenchAnswer, BenchRequest } from './page/worker.js';
import { measurePeers, type PeerLine } from './peers/driver.js';
import type { PeerBackend } from './peers/protocol.js';
import { nameWidth, print, readable, withLimit, write, type Line } from './report.js';
import { measureResponsiveness } from './responsiveness.js';
import { measureStart } from './start.js';
import { measureTokenizers, printTokenizerLine, type TokenizerLine } from './tokenizers.js';

const ownParts = ['memory', 'products', 'nets', 'training', 'writing', 'start'] as const;
const parts = [
  ...ownParts,
  'peers',
  'tokenizers',
  'corpus',
  'checkpoint',
  'completion',
  'responsiveness',
  'webgpu-peers',
] as const;
type Part = (typeof parts)[number];
/** What is not measured beside what the processor can do. */
const withoutPeak: ReadonlySet<Part> = new Set([
  'webgpu-peers',
  'tokenizers',
  'corpus',
  'checkpoint',
  'completion',
  'responsiveness',
]);
/** What goes into the file. */
type Entry = Line | PeerLine | TokenizerLine | { readonly adapter: AdapterFacts };

function printPeer(line: PeerLine): void {
  if (line.error !== undefined)
    process.stdout.write(`${line.name.padEnd(nameWidth)}${line.engine} failed: ${line.error}\n`);
  else {
    const { stepOfM } = line;
    const ratio = line.ratio === null ? '' : `ours / theirs ${line.ratio.toFixed(2)}   `;
    const foretold = stepOfM === undefined ? '' : `; a step of M would take about ${Math.round(stepOfM)} s`;
    write(line, `${ratio}${line.engine}${foretold}`);
  }
}

function showMemory(lines: Entry[]): void {
  for (const { figure, fewest, apart } of measureMemory()) {
    const line = withLimit(figure, fewest, 'what is alive at once');
    lines.push(line);
    write(line, `${(figure.median / fewest).toFixed(2)} of ${line.limitedBy}; apart ${readable(apart)}B`);
  }
}

async function ask(page: Page, request: BenchRequest) {
  const answer: BenchAnswer = await page.evaluate((question) => globalThis.measure(question), request);
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

async function measureAll(page: Page, wanted: readonly Part[], lines: Entry[]): Promise<void> {
  const add = (line: Line) => {
    lines.push(line);
    print(line);
  };
  const { peak } = await ask(page, { kind: 'peak' });
  if (!peak) throw new Error('The peak was not measured.');
  const [operations, bandwidth] = [peak.operations.median, peak.bandwidth.median];
  add(withLimit(peak.operations, null, ''));
  add(withLimit(peak.bandwidth, null, ''));
  if (wanted.includes('products')) {
    const { figures } = await ask(page, { kind: 'products' });
    for (const each of figures) add(withLimit(each, operations, 'peak'));
  }
  if (wanted.includes('nets')) {
    for (const name of netNames) {
      for (const hiddenSize of netSizes) {
        const { figures } = await ask(page, { kind: 'net', name, hiddenSize });
        const limit = operations / netOperations(netConfig(name, hiddenSize));
        for (const each of figures) add(withLimit(each, limit, 'peak'));
      }
    }
  }
  if (wanted.includes('training')) {
    for (const name of configurationNames) {
      for (const model of models) {
        for (const threads of [1, 2]) {
          const { figures } = await ask(page, { kind: 'training', name, model, threads });
          const limit = (threads * operations) / trainingOperations(modelConfig(name, model));
          for (const each of figures) add(withLimit(each, limit, 'peak'));
        }
      }
    }
  }
  if (wanted.includes('writing')) {
    for (const name of configurationNames) {
      for (const model of models) {
        const config = modelConfig(name, model);
        const byOperations = operations / forwardOperations(config);
        const byBytes = bandwidth / weightBytes(config, 4);
        const [limit, by] = byBytes < byOperations ? [byBytes, 'bandwidth'] : [byOperations, 'peak'];
        for (const threads of [1, 2]) {
          const { figures } = await ask(page, { kind: 'generation', name, model, weights: 'f32', threads });
          for (const each of figures) add(withLimit(each, limit, by));
          // The peak is that of floating point numbers.
          const { figures: int8 } = await ask(page, { kind: 'generation', name, model, weights: 'int8', threads });
          for (const each of int8) add(withLimit(each, bandwidth / weightBytes(config, 1), 'bandwidth'));
        }
      }
    }
  }
}

async function measureBeside(page: Page, backend: PeerBackend, lines: Entry[]): Promise<boolean> {
  const measureOurs = async (request: BenchRequest) => {
    const [figure] = (await ask(page, request)).figures;
    if (!figure) throw new Error('Ours was not measured.');
    return figure;
  };
  return measurePeers(page, backend, measureOurs, (line) => {
    lines.push(line);
    printPeer(line);
  });
}

async function measureInBrowser(wanted: readonly Part[], lines: Entry[]): Promise<void> {
  const browser = await launch({
    executablePath: process.env['CHROME_PATH'] ?? '',
    args: (process.env['CHROME_FLAGS'] ?? '').split(' '),
    protocolTimeout: 600_000,
  });
  try {
    const page = await browser.newPage();
    await page.goto(`${url}bench/`);
    process.stdout.write(`${await browser.version()}, isolated: ${await page.evaluate(() => crossOriginIsolated)}\n`);
    // The peak is WASM's.
    if (wanted.some((part) => !withoutPeak.has(part))) await measureAll(page, wanted, lines);
    if (wanted.includes('peers') && !(await measureBeside(page, 'wasm', lines))) process.exitCode = 1;
    if (wanted.includes('checkpoint')) {
      for (const measured of await measureCheckpoint(page)) {
        const line = withLimit(measured, null, '');
        lines.push(line);
        print(line);
      }
    }
    if (wanted.includes('completion')) {
      const line = withLimit(await measureCompletion(browser, url), null, '');
      lines.push(line);
      print(line);
    }
    if (wanted.includes('corpus')) lines.push(...(await measureCorpora(browser, page)));
    if (wanted.includes('tokenizers')) {
      await measureTokenizers(page, (line) => {
        lines.push(line);
        printTokenizerLine(line);
      });
    }
    if (wanted.includes('webgpu-peers')) {
      const adapter = await page.evaluate(() => globalThis.describeGpu());
      lines.push({ adapter });
      process.stdout.write(`${adapterLines(adapter)}\n`);
      if (!(await measureBeside(page, 'webgpu', lines))) process.exitCode = 1;
    }
    await page.close();
    if (wanted.includes('responsiveness')) {
      for (const each of await measureResponsiveness(browser, url)) {
        const line = withLimit(each, null, '');
        lines.push(line);
        print(line);
      }
    }
    if (wanted.includes('start')) {
      for (const each of await measureStart(browser, url, counter)) {
        const line = withLimit(each, null, '');
        lines.push(line);
        print(line);
      }
    }
  } finally {
    await browser.close();
  }
}

function isPart(name: string): name is Part {
  return parts.some((part) => part === name);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, url: { type: 'string' }, counter: { type: 'string' } },
});
const { url = '', counter = '' } = values;
const wrong = positionals.find((name) => !isPart(name));
if (wrong !== undefined) {
  process.stderr.write(`There is no benchmark ${wrong}; there are ${parts.join(', ')}.\n`);
  process.exit(2);
}
const wanted: readonly Part[] = positionals.length > 0 ? positionals.filter(isPart) : ownParts;
const lines: Entry[] = [];
if (wanted.includes('memory')) showMemory(lines);
if (wanted.some((part) => part !== 'memory')) await measureInBrowser(wanted, lines);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(lines, null, 2)}\n`);
