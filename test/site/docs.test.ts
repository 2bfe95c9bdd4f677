/** The documentation as a stranger meets it: every example opened and used, every page on a phone, and what it promises. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { parseHTML } from 'linkedom';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { writeSafetensors } from '../../worker/files/safetensors.js';
import { plainTensors } from '../files/pytorch/state-dicts.js';
import { click, flags, longest, open, type Opened } from './opened.js';
import { start, stop, type Served } from './served.js';

const folder = 'build/site/docs';

let browser: Browser;
let served: Served;
let scratch: string;
/** Of every page that was opened. */
const visits: Opened[] = [];

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'adaptive-lm-docs-'));
  served = await start();
  browser = await launch({ executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium', args: flags });
});

after(async () => {
  await browser.close();
  await stop(served);
  await rm(scratch, { recursive: true, force: true });
});

async function visit(path: string, from: Pick<Browser, 'newPage'> = browser): Promise<Page> {
  const opened = await open(from, `${served.url}docs/${path}`, served.url);
  visits.push(opened);
  return opened.page;
}

/** Waits until the text of an element matches. */
async function untilText(page: Page, selector: string, pattern: RegExp): Promise<string> {
  await page.waitForFunction(
    (where, source) => new RegExp(source, 'su').test(document.querySelector(where)?.textContent ?? ''),
    { timeout: longest, polling: 20 },
    selector,
    pattern.source,
  );
  return page.$eval(selector, (element) => element.textContent);
}

async function untilReady(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('adaptive-lm')?.state === 'ready', {
    timeout: longest,
    polling: 20,
  });
}

/** Through the file field, as a reader would. */
async function choose(page: Page, selector: string, file: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.click(selector)]);
  await chooser.accept([file]);
}

const examples: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async '01-three-lines'(page) {
    await untilReady(page);
    await click(page, 'Write');
    await page.waitForFunction(() => (document.querySelector('adaptive-lm')?.text.length ?? 0) > 20, {
      timeout: longest,
    });
  },

  async '02-your-model'(page) {
    await choose(page, 'input[type="file"]', 'models/shakespeare.safetensors');
    await untilText(page, '[role="status"]', /1,261,\d+ parameters; it reads characters/);
    await untilReady(page);
  },

  async '03-class'(page) {
    await click(page, 'Write on');
    assert.match(await untilText(page, 'output', /JULIET:.{100}/s), /^JULIET:/);
  },

  async '04-streaming'(page) {
    await click(page, 'Write');
    await untilText(page, 'output', /.{200}/s);
    await click(page, 'Stop');
    await page.waitForSelector('#write:not(:disabled)', { timeout: longest });
    const written = await page.$eval('output', ({ textContent }) => textContent.length);
    await click(page, 'Write');
    await page.waitForFunction(
      (length) => (document.querySelector('output')?.textContent.length ?? 0) > length,
      {},
      written,
    );
    await click(page, 'Stop');
    await page.waitForSelector('#write:not(:disabled)', { timeout: longest });
  },

  async '05-training'(page) {
    await click(page, 'Train');
    await untilText(page, '[role="status"]', /Step \d\d+ of/);
    await click(page, 'Stop');
    await untilText(page, '[role="status"]', /was ended, and writes/);
    assert.match(await untilText(page, 'output', /The .{200}/s), /^The /);
  },

  async '06-keep'(page) {
    await page.waitForFunction(() => document.querySelector('adaptive-lm')?.state === 'empty', { timeout: longest });
    await page.$eval('adaptive-lm', async (element) => {
      const text = 'The sea keeps what it is given. '.repeat(10);
      await element.train(text, { size: 'small', epochs: 2 });
    });
    await page.reload();
    await untilReady(page);
    await page.waitForFunction(
      () => document.querySelector('adaptive-stored')?.models?.some(({ name }) => name === 'example'),
      { timeout: longest },
    );
  },

  async '07-completion'(page) {
    await page.focus('#letter');
    await page.waitForFunction(() => document.querySelector('adaptive-complete')?.state === 'ready', {
      timeout: longest,
    });
    await page.keyboard.type('My lord, I w');
    await page.waitForFunction(() => document.querySelector('adaptive-complete')?.suggestion !== '', {
      timeout: longest,
    });
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => (document.querySelector('textarea')?.value.length ?? 0) > 12, {
      timeout: longest,
    });
  },

  async '08-score'(page) {
    await click(page, 'How surprising?');
    await untilText(page, '[role="status"]', /^\d\.\d\d bits per character/);
    assert.ok((await page.$$('output span')).length > 100, 'a mark for every letter');
  },

  async '09-other-tools'(page) {
    await click(page, 'Make an ONNX file');
    await untilText(page, '#file', /model\.onnx, \d\.\d MB/);
    const [model, vocabulary] = [join(scratch, 'lstm.safetensors'), join(scratch, 'vocabulary.json')];
    const tensors = plainTensors({ vocabulary: 5, embedding: 6, hidden: [9, 7] });
    await writeFile(model, new Uint8Array(writeSafetensors({ tensors })));
    await writeFile(vocabulary, '["a","b","c","d"," "]');
    await choose(page, '#model', model);
    await choose(page, '#vocabulary', vocabulary);
    await click(page, 'Open it');
    await untilText(page, '[role="status"]', /^LSTM, [\d,]+ parameters/);
    assert.match(await untilText(page, 'output', /.{100}/), /^[abcd ]+$/);
  },

  async '10-tokenizer'(page) {
    await click(page, 'Learn the tokenizer, and a little more');
    const said = await untilText(page, '[role="status"]', /\d+ tokens in all/);
    const [, characters = '', tokens = ''] = /the (\d+) characters of the text are (\d+) of them/.exec(said) ?? [];
    assert.ok(Number(tokens) < 0.7 * Number(characters), said);
    assert.match(await page.$eval('output', ({ textContent }) => textContent), /·/);
  },
};

describe('the examples', { timeout: 3 * longest }, () => {
  for (const [name, use] of Object.entries(examples)) {
    test(`${name} does what its code says`, async () => {
      const context = await browser.createBrowserContext();
      const page = await visit(`examples/${name}.html`, context);
      await use(page);
      await context.close();
    });
  }

  test('there is a test for each, and each shows what it runs, letter for letter', async () => {
    const files = await readdir('docs/examples');
    const names = files.filter((file) => /^\d.*\.md$/.test(file)).map((file) => file.slice(0, -3));
    assert.deepEqual(names.sort(), [...Object.keys(examples), '11-in-node'].sort());
    for (const name of names) {
      const html = await readFile(join(folder, 'examples', `${name}.html`), 'utf8');
      const blocks = parseHTML(html).document.querySelectorAll('h3.file + pre');
      const shown = [...blocks].map(({ textContent }) => textContent);
      const codes = files.filter((file) => file.startsWith(name) && !file.endsWith('.md'));
      const texts = await Promise.all(codes.map((file) => readFile(join('docs/examples', file), 'utf8')));
      assert.deepEqual(
        shown,
        texts.map((text) => text.trimEnd()),
      );
      for (const file of codes.filter((each) => each.endsWith('.js')))
        assert.equal(await readFile(join(folder, 'examples', file), 'utf8'), texts[codes.indexOf(file)]);
      const markup = texts[codes.findIndex((file) => file.endsWith('.html'))];
      assert.ok(markup === undefined || html.includes(markup), `${name} runs the markup that it shows`);
    }
  });

  test('11-in-node does what its code says', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['docs/examples/11-in-node.js']);
    assert.match(stdout, /step (\d+) of \1: \d\.\d\d nats\nThe rain|step (\d+) of \2: \d\.\d\d nats\n/);
    assert.equal(stderr, '');
  });
});

describe('what the documentation promises of privacy', { timeout: longest }, () => {
  test('is served with a policy that allows its own origin only', async () => {
    const { headers } = await fetch(`${served.url}docs/index.html`);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'(;|$)/);
    const sources = policy.split(';').flatMap((directive) => directive.trim().split(/\s+/).slice(1));
    assert.deepEqual(
      sources.filter((source) => !/^('self'|'none'|'wasm-unsafe-eval'|'unsafe-inline'|data:)$/.test(source)),
      [],
    );
  });

  test('keeps nothing unless it is asked to', async () => {
    const context = await browser.createBrowserContext();
    const page = await visit('examples/05-training.html', context);
    await examples['05-training']?.(page);
    const kept = await page.evaluate(async () => {
      const settled = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
        });
      const names: string[] = [];
      const list = async (within: FileSystemDirectoryHandle): Promise<void> => {
        for await (const entry of within.values())
          if (entry instanceof FileSystemDirectoryHandle) await list(entry);
          else names.push(entry.name);
      };
      await list(await navigator.storage.getDirectory());
      const remembered = await Promise.all(
        (await indexedDB.databases()).map(async ({ name = '' }) => {
          const opened = await settled(indexedDB.open(name));
          const stores = [...opened.objectStoreNames];
          return Promise.all(stores.map((each) => settled(opened.transaction(each).objectStore(each).getAll())));
        }),
      );
      return {
        words: JSON.stringify(remembered).includes('rain'),
        files: names,
        cookie: document.cookie,
        local: localStorage.length + sessionStorage.length,
      };
    });
    assert.deepEqual(kept, { words: false, files: [], cookie: '', local: 0 });
    await context.close();
  });
});

describe('the pages', { timeout: longest }, () => {
  test('none is wider than a phone, and none lacks its name', async () => {
    const page = await visit('index.html');
    await page.setViewport({ width: 390, height: 800 });
    const pages = (await readdir(folder, { recursive: true })).filter(
      (file) => file.endsWith('.html') && !/^(source|examples)[\\/]\w/.test(file),
    );
    assert.ok(pages.length > 40);
    const wide: string[] = [];
    for (const file of pages) {
      await page.goto(`${served.url}docs/${file.replaceAll('\\', '/')}`);
      const fits = await page.evaluate(
        () => document.documentElement.scrollWidth <= innerWidth && document.querySelectorAll('h1').length === 1,
      );
      if (!fits) wide.push(file);
    }
    assert.deepEqual(wide, []);
    await page.close();
  });

  const kinds = ['how-it-works', 'troubleshooting', 'examples/05-training', 'reference/stored', 'math/adaptive-cell'];
  for (const name of kinds) {
    test(`${name} is clean to axe, light and dark`, async () => {
      const page = await visit(`${name}.html`);
      await page.evaluate(axe.source);
      for (const value of ['light', 'dark']) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        // In the dark only colours are others.
        const rules = value === 'light' ? {} : { runOnly: ['color-contrast'] };
        const { violations } = await page.evaluate((options) => axe.run(options), rules);
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]),
          [],
        );
      }
      await page.close();
    });
  }

  test('asked nobody else for anything, and nothing went wrong in them', () => {
    assert.deepEqual(
      visits.flatMap(({ strangers }) => [...strangers]),
      [],
    );
    assert.deepEqual(
      visits.flatMap(({ troubles }) => troubles),
      [],
    );
    assert.ok(visits.length >= Object.keys(examples).length);
  });
});
