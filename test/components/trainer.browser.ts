/** `<adaptive-trainer>`: alone, and beside an `<adaptive-lm>`. */
import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import type { AdaptiveTrainer } from '../../components/trainer/define.js';
import '../../components/trainer/define.js';
import {
  alertText,
  button,
  endlessSteps,
  find,
  findAll,
  goOn,
  mount,
  rejection,
  scriptedWorker,
  settled,
  type,
  until,
  type Script,
} from './helpers.js';

const text = 'The lamp must be fed, and the clock must be wound. '.repeat(40);

async function mountAlone(script: Script = {}): Promise<AdaptiveTrainer> {
  return fixture<AdaptiveTrainer>(html`<adaptive-trainer worker-url=${scriptedWorker(script)}></adaptive-trainer>`);
}

async function mountFor(id: string): Promise<AdaptiveTrainer> {
  return fixture<AdaptiveTrainer>(html`<adaptive-trainer for=${id}></adaptive-trainer>`);
}

function start(trainer: AdaptiveTrainer, said = text): void {
  type(find<HTMLTextAreaElement>(trainer, '[part="corpus"]'), said);
}

function shownRun(trainer: AdaptiveTrainer): string {
  return find(trainer, 'adaptive-lm-training-run').shadowRoot?.textContent ?? '';
}

describe('<adaptive-trainer> alone', () => {
  it('trains what is pasted, shows the run, and saves', async () => {
    const trainer = await mountAlone({ hold: [5] });
    const runs: string[] = [];
    trainer.addEventListener('adaptive-run', ({ run }) => runs.push(run.phase));
    start(trainer);
    await settled(trainer);
    const begun = oneEvent(trainer, 'adaptive-progress');
    button(trainer, 'Start training').click();
    await until(trainer, 'training');
    await begun; // the worker is there to hear it
    expect(trainer.matches(':state(training)')).to.equal(true);
    goOn();
    await until(trainer, 'ready');
    await settled(trainer);
    expect(shownRun(trainer)).to.contain('Step 40 of 40').and.to.contain('took');
    expect(runs[0]).to.equal('preparing');
    expect(runs.at(-1)).to.equal('finished');
    expect(trainer.model?.parameters).to.equal(96_410);
    expect(find(trainer, '[part="save-button"]').checkVisibility()).to.equal(true);
    expect((await trainer.save()).size).to.equal(5);
  });

  it('pauses, resumes and stops by keyboard', async () => {
    const trainer = await mountAlone({ steps: endlessSteps });
    const work = trainer.train(text);
    await until(trainer, 'training');
    await settled(trainer);
    find(trainer, '[part="pause-button"]').focus();
    button(trainer, 'Pause').click();
    await until(trainer, 'paused');
    button(trainer, 'Resume').click();
    await until(trainer, 'training');
    button(trainer, 'Stop').click();
    expect((await work).reason).to.equal('stopped');
  });

  it('shows what failed, and never throws', async () => {
    const trainer = await mountAlone();
    start(trainer, 'short');
    await settled(trainer);
    button(trainer, 'Start training').click();
    await until(trainer, 'error');
    expect(alertText(trainer)).to.contain('too short');
    expect(trainer.error?.code).to.equal('corpus-too-short');
    button(trainer, 'Dismiss').click();
    await until(trainer, 'empty');
  });

  it('loads a model that is dropped, to go on with', async () => {
    const trainer = await mountAlone();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a model'], 'mine.safetensors'));
    for (const name of ['dragenter', 'dragover', 'drop']) {
      trainer.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
    }
    await until(trainer, 'ready');
    expect(findAll(trainer.shadowRoot ?? trainer, 'input[name="start"]')).to.have.lengthOf(2);
  });
});

describe('<adaptive-trainer for>', () => {
  /** Runs are held before their first sample, which comes after four steps, and after it. */
  async function beside(): Promise<{ lm: AdaptiveLm; trainer: AdaptiveTrainer }> {
    const lm = await mount({ hold: [4, 5] });
    lm.id = 'lm';
    lm.noTraining = true;
    return { lm, trainer: await mountFor('lm') };
  }

  it('trains the model of the element that it names, which then writes with it', async () => {
    const { lm, trainer } = await beside();
    expect(trainer.model?.title).to.equal('Shakespeare, by letters');
    start(trainer);
    await settled(trainer);
    button(trainer, 'Start training').click();
    await until(lm, 'training');
    await settled(trainer);
    expect(trainer.state).to.equal('training');
    expect(trainer.matches(':state(training)')).to.equal(true);
    button(trainer, 'Pause').click();
    await until(lm, 'paused');
    button(trainer, 'Resume').click();
    goOn();
    goOn();
    await until(lm, 'ready');
    await settled(trainer);
    expect(lm.model?.parameters).to.equal(96_410);
    expect(trainer.model).to.equal(lm.model);
    expect(shownRun(trainer)).to.contain('Step 40 of 40');
    expect(findAll(trainer.shadowRoot ?? trainer, 'footer'), 'the element says that itself').to.have.lengthOf(0);
  });

  it('shows a run that was begun elsewhere, and has nobody begin another meanwhile', async () => {
    const { lm, trainer } = await beside();
    const work = lm.train(text);
    await until(lm, 'training');
    goOn();
    await oneEvent(lm, 'adaptive-sample');
    await settled(trainer);
    expect(shownRun(trainer)).to.contain('The lamp was the sea');
    expect(await rejection(trainer.train(text))).to.have.property('code', 'busy');
    trainer.stopTraining();
    expect((await work).reason).to.equal('stopped');
  });

  it('shows the error of a run that it began', async () => {
    const { lm, trainer } = await beside();
    const told: EventTarget[] = [];
    document.body.addEventListener('adaptive-error', ({ target }) => target && told.push(target), { once: true });
    expect(await rejection(trainer.train('!error:memory'))).to.have.property('code', 'memory');
    await settled(trainer);
    expect(alertText(trainer)).to.contain('Scripted memory');
    expect(told).to.deep.equal([lm]);
  });

  it('waits for who comes later, and says so', async () => {
    const trainer = await mountFor('late');
    await settled(trainer);
    expect(find(trainer, '[part="notice"]').textContent).to.contain('“late”');
    expect(button(trainer, 'Start training').disabled).to.equal(true);
    expect(await rejection(trainer.train(text))).to.have.property('code', 'no-model');
    const lm = await mount();
    lm.id = 'late';
    await settled(trainer);
    await settled(trainer);
    expect(trainer.model).to.equal(lm.model);
    expect(alertText(trainer)).to.equal('');
    lm.remove();
    await settled(trainer);
    await settled(trainer);
    expect(trainer.model).to.equal(null);
  });

  it('goes on showing the run while it is moved', async () => {
    const { lm, trainer } = await beside();
    const work = lm.train(text);
    await until(lm, 'training');
    trainer.parentElement?.append(trainer);
    goOn();
    await oneEvent(lm, 'adaptive-sample');
    await settled(trainer);
    expect(shownRun(trainer)).to.contain('The lamp was the sea');
    lm.stopTraining();
    await work;
  });
});

describe('<adaptive-trainer> accessibility', () => {
  const states: Readonly<Record<string, () => Promise<AdaptiveTrainer>>> = {
    empty: () => mountAlone(),
    paused: async () => {
      const trainer = await mountAlone({ steps: endlessSteps });
      void trainer.train(text).catch(() => {});
      await oneEvent(trainer, 'adaptive-sample');
      trainer.pauseTraining();
      await until(trainer, 'paused');
      return trainer;
    },
    trained: async () => {
      const trainer = await mountAlone();
      await trainer.train(text);
      return trainer;
    },
    error: async () => {
      const trainer = await mountAlone();
      await rejection(trainer.train('!error:memory'));
      return trainer;
    },
  };
  afterEach(() => document.documentElement.removeAttribute('style'));

  for (const [name, reach] of Object.entries(states)) {
    it(`is clean to axe and fits into 320 and 390 px: ${name}`, async () => {
      const trainer = await reach();
      await settled(trainer);
      await expect(trainer).to.be.accessible();
      document.documentElement.style.colorScheme = 'dark';
      document.documentElement.style.background = '#111';
      await expect(trainer).to.be.accessible();
      for (const width of [320, 390]) {
        trainer.style.width = `${width}px`;
        await settled(trainer);
        await settled(trainer);
        const { right } = trainer.getBoundingClientRect();
        for (const each of findAll(trainer.shadowRoot ?? trainer, '*')) {
          if (!each.checkVisibility() || each.closest('.unseen, svg')) continue;
          expect(each.getBoundingClientRect().right, each.outerHTML.slice(0, 80)).to.be.at.most(right + 0.5);
        }
      }
    });
  }
});
