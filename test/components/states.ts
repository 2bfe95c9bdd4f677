/** Everything that `<adaptive-lm>` shows, and how to get there, on the scripted worker. */
import type { AdaptiveLm } from '../../components/define.js';
import { button, endlessSteps, mount, mountEmpty, rejection, until } from './helpers.js';

const text = 'The lamp must be fed, and the clock must be wound. '.repeat(40);

export const states: Readonly<Record<string, () => Promise<AdaptiveLm>>> = {
  empty: () => mountEmpty(),
  ready: () => mount(),
  'ready, settings open': async () => {
    const element = await mount();
    button(element, 'Settings').click();
    return element;
  },
  writing: async () => {
    const element = await mount({ hold: [3] });
    void element.write().catch(() => {});
    await until(element, 'writing');
    return element;
  },
  written: async () => {
    const element = await mount();
    await element.write();
    return element;
  },
  training: async () => {
    const element = await mount({ steps: endlessSteps });
    void element.train(text).catch(() => {});
    await new Promise((resolve) => element.addEventListener('adaptive-sample', resolve, { once: true }));
    element.pauseTraining();
    await until(element, 'paused');
    return element;
  },
  trained: async () => {
    const element = await mount();
    await element.train(text);
    return element;
  },
  error: async () => {
    const element = await mount();
    await rejection(element.write('!error:memory'));
    return element;
  },
};
