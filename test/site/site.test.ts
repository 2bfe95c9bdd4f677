/** The page as a stranger meets it: what `npm start` serves, a real Chromium, clicks. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, type Browser, type Page } from 'puppeteer-core';
import type { ActivationLab } from '../../components/lab/define.js';
import { experimentNames } from '../../lab/experiments.js';
import { trainThroughCrash } from './gpu-crash.js';
import { complaint, killOverAndOver } from './killed.js';
import { liveThroughStorageDays } from './storage-days.js';
import { click, flags, longest, open, type Opened } from './opened.js';
import { start, stop, type Served } from './served.js';

function state(page: Page): Promise<string | undefined> {
  return page.$eval('adaptive-lm', (element) => element.state);
}

function untilState(page: Page, wanted: string): Promise<unknown> {
  return page.waitForFunction(
    (name) => document.querySelector('adaptive-lm')?.state === name,
    { timeout: longest, polling: 20 },
    wanted,
  );
}

function writtenText(page: Page): Promise<string> {
  return page.$eval('adaptive-lm', (element) => element.text);
}

/** Puppeteer's own waiting does not see changes within shadow roots. */
async function untilShown(page: Page, part: string): Promise<void> {
  const deadline = performance.now() + longest;
  while ((await page.$(`adaptive-lm >>> [part~="${part}"]`)) === null) {
    if (performance.now() > deadline) throw new Error(`No ${part} was shown.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

for (const isolated of [true, false]) {
  describe(isolated ? 'npm start' : 'npm start -- --no-isolation', { timeout: 5 * longest }, () => {
    let browser: Browser;
    let served: Served;
    let opened: Opened;

    before(async () => {
      served = await start(...(isolated ? [] : ['--no-isolation']));
      browser = await launch({
        executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
        args: flags,
        timeout: longest,
      });
      opened = await open(browser, served.url);
      await untilState(opened.page, 'ready');
    });

    after(async () => {
      await browser.close();
      assert.equal(await stop(served), 0, 'the server ends when it is asked to');
    });

    test('the page is isolated as asked', async () => {
      assert.equal(await opened.page.evaluate(() => crossOriginIsolated), isolated);
    });

    test('it writes from a prompt, streaming, and stops within a moment', async () => {
      const { page } = opened;
      await page.$eval('adaptive-lm', (element) => (element.maxTokens = 1_000_000));
      await click(page, 'Write');
      await untilState(page, 'writing');
      const first = await writtenText(page);
      await page.waitForFunction(
        (length) => (document.querySelector('adaptive-lm')?.text.length ?? 0) > length + 200,
        { timeout: longest },
        first.length,
      );
      await click(page, 'Stop');
      await untilState(page, 'ready');
      const text = await writtenText(page);
      assert.ok(text.length < 1_000_000);
      await page.$eval('adaptive-lm', (element) => (element.maxTokens = 400));
    });

    test('what it writes looks like Shakespeare: words, lines, people who speak', async () => {
      const text = await opened.page.$eval('adaptive-lm', (element) =>
        element.write('ROMEO:', { seed: 7, maxTokens: 1500 }),
      );
      const words: readonly string[] = text.toLowerCase().match(/[a-z]+/g) ?? [];
      const common =
        /^(the|and|to|i|of|you|my|a|that|in|is|not|me|it|for|be|his|with|your|this|but|he|have|as|thou|so|him|will|what|thy|all|by|her|no|do|shall|if|are|we|thee|our|on|now|good|lord|from|come|sir|at|they|she|would|more|let|o|was|love|hath|then|king|am|here|may|man|speak|when|say)$/;
      const share = words.filter((word) => common.test(word)).length / words.length;
      assert.ok(share > 0.3, `${Math.round(share * 100)} % of the words are common ones:\n${text}`);
      assert.match(text, /\n\n[A-Z][A-Za-z ]+:\n/, text);
    });

    test('it learns a text from one click, shows how it goes, and then writes with what it learned', async () => {
      const { page } = opened;
      await click(page, 'Train on the keeper’s notes');
      await untilState(page, 'training');
      await untilShown(page, 'chart');
      await untilShown(page, 'sample');
      await click(page, 'Pause');
      await untilState(page, 'paused');
      await click(page, 'Resume');
      await untilState(page, 'training');
      await click(page, 'Stop');
      await untilState(page, 'ready');
      const model = await page.$eval('adaptive-lm', (element) => element.model);
      assert.ok(model !== null && model.parameters < 200_000, 'the small new model is the current one');
      const text = await page.$eval('adaptive-lm', (element) => element.write('The ', { maxTokens: 50 }));
      assert.equal([...text].length, 50);
    });

    if (isolated) {
      test('training goes on when the browser’s GPU process crashes, without a break in the curve', async () => {
        const { changes, steps, losses, end } = await trainThroughCrash(served.url, flags, longest);
        assert.ok(
          changes.length > 0 && changes.every((change) => /^webgpu (webgpu|wasm) /.test(change)),
          changes.join(),
        );
        assert.equal(end?.reason, 'stopped', 'it went on until it was stopped');
        assert.equal(steps.at(-1), end.step);
        for (const [i, step] of steps.entries()) assert.ok(i === 0 || step >= (steps[i - 1] ?? 0), steps.join());
        for (const [i, loss] of losses.entries())
          assert.ok(i === 0 || loss < (losses[i - 1] ?? 0) + 0.3, losses.join());
      });

      test('a browser that is killed while it trains and saves loses nothing that was kept', async () => {
        const kills = await killOverAndOver(served.url, flags, [0, 0.1, 0.4, 1]);
        assert.deepEqual(kills.map(complaint), ['', '', '', '']);
        assert.ok(kills.some(({ savedAt }) => savedAt > 0));
      });

      test('a run goes on without room for it, and is kept again when there is room, and after all was cleared', async () => {
        const days = await liveThroughStorageDays(served.url, flags);
        assert.match(days.said, /no room left/);
        assert.deepEqual(
          [days.savedBefore, days.savedWithRoom, days.savedAfterClearing, days.state],
          [true, true, true, 'training'],
        );
      });
    }

    test('the laboratory shows its experiments, and trains one, without a word to anybody', async () => {
      const { page, troubles, strangers } = await open(browser, `${served.url}lab.html`);
      const shown = await page.$$eval('activation-lab', (labs: ActivationLab[]) => labs.map((each) => each.experiment));
      assert.deepEqual(shown.toSorted(), [...experimentNames].toSorted());
      const lab = 'activation-lab[experiment="sine"]';
      await page.$eval(lab, (element) => element.scrollIntoView());
      const reached = (wanted: string) =>
        page.waitForFunction(
          (selector, state) => document.querySelector<ActivationLab>(selector)?.state === state,
          { timeout: longest, polling: 20 },
          lab,
          wanted,
        );
      await reached('ready');
      await page.$eval(lab, (element: ActivationLab) => {
        element.set('steps', 60);
        element.start();
      });
      await reached('finished');
      assert.equal(await page.$eval(lab, (element: ActivationLab) => element.frame?.progress.done), 60);
      assert.deepEqual(troubles, []);
      assert.deepEqual([...strangers], []);
      await page.close();
    });

    test('nothing went wrong on the way, and nobody else was asked for anything', async () => {
      assert.deepEqual(opened.troubles, []);
      assert.deepEqual([...opened.strangers], []);
      assert.equal(await state(opened.page), 'ready');
    });
  });
}
