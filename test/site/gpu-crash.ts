/** A page that trains on WebGPU while the browser's GPU process crashes. */
import { launch, type Page } from 'puppeteer-core';

/** For WebGPU by SwiftShader, whatever the machine has. */
const flags = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
];

export interface CrashedRun {
  /** `from to code` of every adaptive-backend. */
  readonly changes: readonly string[];
  /** Of every adaptive-progress. */
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  /** How the run ended; null while it goes on. */
  readonly end: { readonly reason: string; readonly step: number; readonly totalSteps: number } | null;
}

/** What the page has seen so far. */
async function look(page: Page): Promise<CrashedRun> {
  return page.$eval(
    'adaptive-lm',
    (element) => element.crashedRun ?? { changes: [], steps: [], losses: [], end: null },
  );
}

async function until(page: Page, met: (run: CrashedRun) => boolean, longest: number): Promise<CrashedRun> {
  const deadline = performance.now() + longest;
  for (;;) {
    const run = await look(page);
    if (met(run)) return run;
    if (performance.now() > deadline) throw new Error(`It did not come to that: ${JSON.stringify(run)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

declare global {
  interface HTMLElement {
    crashedRun?: CrashedRun;
  }
}

/**
 * Trains a small model for far longer than it takes to crash the GPU process in the middle, and stops it once it
 * has gone on for a while. `longest` in ms.
 */
export async function trainThroughCrash(url: string, args: readonly string[], longest: number): Promise<CrashedRun> {
  const executablePath = process.env['CHROME_PATH'] ?? '/usr/bin/chromium';
  const browser = await launch({
    executablePath,
    args: [...args, ...flags],
    timeout: longest,
    protocolTimeout: longest,
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(longest);
    await page.goto(url, { waitUntil: 'networkidle0' });
    await page.$eval('adaptive-lm', (element) => {
      const seen = { changes: [''].slice(1), steps: [0].slice(1), losses: [0].slice(1) };
      const show = (end: CrashedRun['end'] = null) => (element.crashedRun = { ...seen, end });
      element.addEventListener('adaptive-progress', ({ progress }) => {
        seen.steps.push(progress.step);
        seen.losses.push(progress.smoothLoss);
        show();
      });
      element.addEventListener('adaptive-backend', ({ from, to, reason }) => {
        seen.changes.push(`${from} ${to} ${reason.code}`);
        show();
      });
      element.backend = 'webgpu';
      const size = {
        cell: 'lstm' as const,
        adaptation: 'io' as const,
        latent: 'recurrent' as const,
        embeddingSize: 12,
        hiddenSizes: [16],
        latentSize: 4,
        tiedDecoder: false,
      };
      const options = { size, batchSize: 4, segmentLength: 8, epochs: 1000, sampleEvery: 10_000 };
      void element
        .train('The lamp must be fed, and the clock must be wound. '.repeat(20), options)
        .then(({ reason, progress }) =>
          show({ reason, step: progress?.step ?? 0, totalSteps: progress?.totalSteps ?? 0 }),
        );
    });
    await until(page, ({ steps }) => steps.length > 3, longest);
    await (await browser.target().createCDPSession()).send('Browser.crashGpuProcess');
    const { steps } = await until(page, ({ changes }) => changes.length > 0, longest);
    await until(page, (run) => run.steps.length > steps.length + 20 || run.end !== null, longest);
    await page.$eval('adaptive-lm', (element) => element.stopTraining());
    return await until(page, ({ end }) => end !== null, longest);
  } finally {
    await browser.close();
  }
}
