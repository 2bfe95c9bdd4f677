/** What experiments find in a page's worker: executors on WASM, the digits, and the page's texts. */
import { AdaptiveError } from '../core/errors.js';
import type { Executor } from '../core/executor.js';
import type { Mnist } from './data/mnist.js';
import type { Laboratory } from './experiment.js';
import { openMnist } from './mnist-source.js';
import type { LabRequest, MnistSource } from './protocol.js';

export class PageLaboratory {
  /** The digits last asked for: they take a while to unpack, and nobody changes them. */
  #kept: { readonly key: string; readonly digits: Promise<Mnist> } | null = null;

  constructor(readonly executor: () => Promise<Executor>) {}

  open({ mnist, texts }: Pick<LabRequest, 'mnist' | 'texts'>, signal: AbortSignal): Laboratory {
    return {
      executor: this.executor,
      mnist: () => this.#mnist(mnist, signal),
      text: async (name) => {
        const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
        if (text !== undefined) return text;
        const message = `This page has no text “${name}” for the experiment. It runs with npm run lab, too.`;
        throw new AdaptiveError('unsupported', message, { name });
      },
    };
  }

  async #mnist(source: MnistSource, signal: AbortSignal): Promise<Mnist> {
    const key = keyOf(source);
    if (this.#kept?.key !== key) this.#kept = { key, digits: openMnist(source, signal) };
    const { digits } = this.#kept;
    try {
      return await digits;
    } catch (error) {
      if (this.#kept.digits === digits) this.#kept = null;
      throw error;
    }
  }
}

function keyOf(source: MnistSource): string {
  if (source.kind === 'site') return source.url;
  return source.files.map(({ name, size, lastModified }) => `${name} ${size} ${lastModified}`).join('\n');
}
