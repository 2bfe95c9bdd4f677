/**
 * What comes and goes in a page, once each: the page of the leak test (measure.ts) does these over and over. It loads the
 * package as it ships.
 */
import { AdaptiveLM } from '../../api/index.js';
import '../../components/complete/define.js';
import type { AdaptiveLm } from '../../components/define.js';
import '../../components/define.js';
import '../../components/stored/define.js';
import '../../components/trainer/define.js';
import type { TrainOptions } from '../../core/training-request.js';
import { corpus, endless, tiny } from '../tiny.js';
import type { Visit } from './visits.js';

const brief: TrainOptions = { ...tiny, epochs: 2 };

/** Made once: what is loaded over and over. */
let model: Promise<Blob> | null = null;

function modelFile(): Promise<Blob> {
  model ??= (async () => {
    const maker = await AdaptiveLM.create();
    await maker.train(corpus, { ...tiny, epochs: 60 }).result;
    const file = await maker.save();
    maker.destroy();
    return file;
  })();
  return model;
}

let torn = 0;
let taught: AdaptiveLm | null = null;

async function mounted(setUp: (element: HTMLElementTagNameMap['adaptive-lm']) => void = () => {}) {
  const element = document.createElement('adaptive-lm');
  setUp(element);
  document.body.append(element);
  await element.updateComplete;
  return element;
}

/** Each leaves nothing but what the page held before. */
const visits: Readonly<Record<Visit, () => Promise<void>>> = {
  /** Trained to the end, written with, removed. */
  trained: async () => {
    const element = await mounted();
    await element.train(corpus, brief);
    await element.write('The ', { maxTokens: 20 });
    await element.save();
    element.remove();
  },

  /** Removed in the midst of training, on two threads, with the screen held on and a name to keep it under. */
  torn: async () => {
    const element = await mounted((it) => {
      it.keep = `torn ${++torn}`;
      it.keepEvery = 0.1;
      it.keepAwake = true;
    });
    const run = element.train(corpus, { ...endless, threads: 2 });
    const begun = new Promise((resolve) => element.addEventListener('adaptive-progress', resolve, { once: true }));
    await Promise.race([begun, run]);
    element.remove();
    await run.catch(() => {});
  },

  /** Removed while it writes what it loaded. */
  writing: async () => {
    const element = await mounted();
    await element.load(await modelFile());
    const ended = element.write('The ', { maxTokens: 1_000_000 }).catch(() => {});
    await new Promise((resolve) => element.addEventListener('adaptive-text', resolve, { once: true }));
    element.remove();
    await ended;
  },

  /** Asked to work after it had gone, as by a page that did not notice. */
  haunted: async () => {
    const element = await mounted();
    await element.load(await modelFile());
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await element.train(corpus, brief).catch(() => {});
    await element.write('The ', { maxTokens: 5 }).catch(() => {});
    await element.stored().catch(() => {});
  },

  /** A field with suggestions, that learns from what is typed. */
  complete: async () => {
    const place = document.createElement('div');
    const src = URL.createObjectURL(await modelFile());
    place.innerHTML = `<textarea id="field"></textarea>
      <adaptive-complete for="field" learn delay="0"></adaptive-complete>`;
    const [element, field] = [place.querySelector('adaptive-complete'), place.querySelector('textarea')];
    if (!element || !field) throw new Error('The place is not whole.');
    element.src = src;
    document.body.append(place);
    await element.load();
    field.focus();
    const suggested = new Promise((resolve) => element.addEventListener('adaptive-suggest', resolve, { once: true }));
    field.setRangeText('The lamp must ', 0, 0, 'end');
    field.dispatchEvent(new InputEvent('input', { inputType: 'insertText', bubbles: true }));
    await suggested;
    element.accept();
    place.remove();
    URL.revokeObjectURL(src);
  },

  /** A panel beside an element that stays, which it trains, and goes. */
  trainer: async () => {
    taught ??= await mounted();
    const panel = document.createElement('adaptive-trainer');
    panel.target = taught;
    document.body.append(panel);
    await panel.updateComplete;
    await panel.train(corpus, brief);
    panel.remove();
  },

  /** A panel with a model of its own. */
  'trainer alone': async () => {
    const panel = document.createElement('adaptive-trainer');
    document.body.append(panel);
    await panel.train(corpus, brief);
    panel.remove();
  },

  /** What is kept, looked at. */
  stored: async () => {
    const element = document.createElement('adaptive-stored');
    document.body.append(element);
    await element.refresh();
    element.remove();
  },

  /** The class: trained, cloned, prompted, ended in the middle of a prompt. */
  class: async () => {
    const lm = await AdaptiveLM.create();
    await lm.train(corpus, brief).result;
    const clone = await lm.clone();
    await clone.prompt('The ', { maxTokens: 20 });
    const given = lm.prompt('The ', { maxTokens: 1_000_000 }).catch(() => {});
    lm.destroy();
    clone.destroy();
    await given;
  },
};

/** They want what there is one of: the focus, an element to train. */
const alone: ReadonlySet<Visit> = new Set<Visit>(['complete', 'trainer']);

declare global {
  /** Does a visit so many times, some of them side by side. */
  var visit: (name: Visit, times: number, abreast: number) => Promise<void>;
}

globalThis.visit = async (name, times, abreast) => {
  let left = times;
  const work = async (): Promise<void> => {
    while (left-- > 0) await visits[name]();
  };
  await Promise.all(Array.from({ length: alone.has(name) ? 1 : abreast }, work));
  performance.clearResourceTimings(); // the browser's own notes of what was fetched
};
