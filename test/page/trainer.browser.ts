/** `<adaptive-trainer>` with the class of the API, on the real worker: what is trained here is written with there. */
import { assert, aTimeout, fixture, html } from '@open-wc/testing';
import { AdaptiveLM } from '../../api/index.js';
import type { AdaptiveTrainer } from '../../components/trainer/define.js';
import '../../components/trainer/define.js';
import { AdaptiveError } from '../../core/errors.js';
import { alertText, button, find, rejection, settled, until } from '../components/helpers.js';
import { corpus, endless, tiny } from './helpers.js';

async function mountWith(target: AdaptiveLM): Promise<AdaptiveTrainer> {
  return fixture<AdaptiveTrainer>(html`<adaptive-trainer .target=${target}></adaptive-trainer>`);
}

it('trains an AdaptiveLM, tells the page, and saves its model', async () => {
  const lm = await AdaptiveLM.create();
  const trainer = await mountWith(lm);
  const told: string[] = [];
  for (const name of ['adaptive-state', 'adaptive-model'] as const) {
    trainer.addEventListener(name, (event) => told.push('state' in event ? event.state : 'model'));
  }
  const { reason } = await trainer.train(corpus, tiny);
  await settled(trainer);
  assert.equal(reason, 'finished');
  assert.deepEqual(told, ['training', 'model', 'ready']);
  const run = find(trainer, 'adaptive-lm-training-run').shadowRoot?.textContent ?? '';
  assert.match(run, /Step (\d+) of \1\b/);
  assert.equal(trainer.model, lm.model);
  assert.lengthOf(await lm.prompt('The ', { maxTokens: 7 }), 7);
  assert.equal((await trainer.save()).size, (await lm.save()).size);
  lm.destroy();
});

it('pauses, resumes and stops it, shows the cause of what fails, and goes on after that', async () => {
  const lm = await AdaptiveLM.create();
  const trainer = await mountWith(lm);
  const work = trainer.train(corpus, endless);
  await until(trainer, 'training');
  await new Promise((resolve) => trainer.addEventListener('adaptive-progress', resolve, { once: true }));
  trainer.pauseTraining();
  await until(trainer, 'paused');
  trainer.resumeTraining();
  await until(trainer, 'training');
  trainer.stopTraining();
  assert.equal((await work).reason, 'stopped');
  const thrown = await rejection(trainer.train('short'));
  assert.equal(thrown instanceof AdaptiveError && thrown.code, 'corpus-too-short');
  await settled(trainer);
  assert.equal(trainer.state, 'error');
  assert.include(alertText(trainer), 'at least 100');
  button(trainer, 'Dismiss').click();
  await aTimeout(0);
  assert.equal(trainer.state, 'ready');
  lm.destroy();
});
