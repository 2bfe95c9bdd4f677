import { expect, fixture, html, oneEvent, waitUntil } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import {
  alertText,
  button,
  endlessSteps,
  find,
  findAll,
  goOn,
  mount,
  mountEmpty,
  rejection,
  settled,
  type,
  until,
} from './helpers.js';
import type { LossChart } from '../../components/loss-chart.js';

const text = 'The lamp must be fed, and the clock must be wound. '.repeat(40);

function corpusField(element: AdaptiveLm): HTMLTextAreaElement {
  return find<HTMLTextAreaElement>(element, '[part="corpus"]');
}

function has(element: AdaptiveLm, selector: string): boolean {
  return element.shadowRoot !== null && findAll(element.shadowRoot, selector).length > 0;
}

describe('<adaptive-lm> training', () => {
  it('trains on pasted text, from noise, with the chosen size and settings', async () => {
    const element = await mountEmpty({ pace: 4 });
    expect(button(element, 'Start training').disabled).to.equal(true);
    type(corpusField(element), text);
    await settled(element);
    const [, medium] = findAll<HTMLInputElement>(find(element, 'adaptive-lm-training-form'), 'input[name="size"]');
    expect(medium).to.equal(undefined); // the form's fields are in its shadow root
    find<HTMLInputElement>(element, 'label:nth-child(2) > input[name="size"]').click();
    button(element, 'Start training').click();
    await until(element, 'training');
    await until(element, 'ready');
    expect(element.model?.parameters).to.equal(96_410);
    expect(find(element, 'adaptive-lm-training-run').shadowRoot?.textContent).to.contain('Step 40 of 40');
  });

  it('shows progress, curve, sample and time left', async () => {
    const element = await mount({ hold: [5] }); // after the first sample
    const steps: number[] = [];
    element.addEventListener('adaptive-progress', ({ progress }) => steps.push(progress.step));
    const samples: string[] = [];
    element.addEventListener('adaptive-sample', (event) => samples.push(event.text));
    const work = element.train(text);
    await Promise.all([oneEvent(element, 'adaptive-sample'), until(element, 'training')]);
    await settled(element);
    const run = find(element, 'adaptive-lm-training-run').shadowRoot?.textContent ?? '';
    expect(run).to.match(/Step \d+ of 40/);
    expect(run).to.contain('s left');
    expect(run).to.contain('7,140');
    const status = () => find(element, '[part="status"]').shadowRoot?.textContent ?? '';
    expect(status(), 'what the run takes').to.contain('64 MB of memory');
    expect(find(element, '[part="sample"]').textContent).to.contain('The lamp was the sea');
    goOn();
    const result = await work;
    expect(result.reason).to.equal('finished');
    expect(steps).to.have.lengthOf(40);
    expect(samples).to.have.lengthOf(10);
    const chart = find<LossChart>(element, 'adaptive-lm-chart');
    await settled(element);
    expect(chart.training).to.have.lengthOf(40);
    expect(chart.validation).to.have.lengthOf(10);
    expect(status(), 'what the model takes').to.contain('8 MB of memory');
  });

  it('pauses, resumes and stops by its buttons', async () => {
    const element = await mount({ steps: endlessSteps });
    const work = element.train(text);
    await until(element, 'training');
    await settled(element);
    button(element, 'Pause').click();
    await until(element, 'paused');
    expect(element.matches(':state(paused)')).to.equal(true);
    button(element, 'Resume').click();
    await until(element, 'training');
    button(element, 'Stop').click();
    const { reason } = await work;
    expect(reason).to.equal('stopped');
    await settled(element);
    expect(element.state).to.equal('ready');
    expect(find(element, 'adaptive-lm-training-run').shadowRoot?.textContent).to.contain('The best weights so far');
  });

  it('pauses, resumes and stops by its methods, also by a signal', async () => {
    const element = await mount({ steps: endlessSteps });
    const abort = new AbortController();
    const work = element.train(text, { signal: abort.signal });
    await until(element, 'training');
    element.pauseTraining();
    await until(element, 'paused');
    element.resumeTraining();
    await until(element, 'training');
    abort.abort();
    expect((await work).reason).to.equal('stopped');
  });

  it('offers the form again, with the text still in it', async () => {
    const element = await mount();
    type(corpusField(element), text);
    await settled(element);
    button(element, 'Start training').click();
    await until(element, 'training');
    await until(element, 'ready');
    button(element, 'Train again').click();
    await settled(element);
    expect(corpusField(element).checkVisibility()).to.equal(true);
    expect(corpusField(element).value).to.equal(text);
  });

  it('shows what is wrong with a text, and keeps text and model', async () => {
    const element = await mount();
    type(corpusField(element), 'short');
    await settled(element);
    button(element, 'Start training').click();
    await until(element, 'error');
    expect(alertText(element)).to.contain('too short');
    expect(corpusField(element).checkVisibility()).to.equal(true);
    expect(corpusField(element).value).to.equal('short');
    expect(element.model?.title).to.equal('Shakespeare, by letters');
  });

  it('says when a run diverged, and keeps its last good weights', async () => {
    const element = await mount();
    const { reason } = await element.train(`diverge ${text}`);
    await settled(element);
    expect(reason).to.equal('diverged');
    expect(element.state).to.equal('error');
    expect(alertText(element)).to.contain('Lower the learning rate');
    expect(element.model?.parameters).to.equal(96_410);
  });

  it('rejects what it cannot do', async () => {
    const element = await mount();
    const thrown = await rejection(element.train('!error:corpus-not-text'));
    expect(thrown).to.have.property('code', 'corpus-not-text');
    expect(element.state).to.equal('error');
  });

  it('takes a dropped text to learn from, and a dropped model to load', async () => {
    const element = await mount();
    const drop = async (file: File): Promise<void> => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(file);
      for (const name of ['dragenter', 'dragover', 'drop']) {
        element.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
      }
      await settled(element);
    };
    await drop(new File([text], 'letters.txt'));
    await waitUntil(() => has(element, 'li'), 'it is listed', { timeout: 60_000 });
    expect(find(element, 'li').textContent).to.contain('letters.txt');
    button(element, 'Start training').click();
    await until(element, 'training');
    await until(element, 'ready');
    const opened = oneEvent(element, 'adaptive-model');
    await drop(new File(['a model'], 'mine.safetensors'));
    await opened;
    expect(element.model?.title).to.equal('From a file');
  });

  it('leaves training out when asked to', async () => {
    const element = await fixture<AdaptiveLm>(html`<adaptive-lm no-training></adaptive-lm>`);
    expect(has(element, 'adaptive-lm-training')).to.equal(false);
  });

  it('saves the model as a file', async () => {
    const element = await mount();
    const file = await element.save();
    expect([...new Uint8Array(await file.arrayBuffer())]).to.deep.equal([1, 2, 3, 4, 5]);
    expect(element.state).to.equal('ready');
  });
});
