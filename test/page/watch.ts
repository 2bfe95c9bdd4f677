/** The page's side of heartbeat.ts. */
import { fixture, html } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { modelFile } from './helpers.js';
import type { WatchedEvent } from './heartbeat.js';

export class Watch {
  readonly fetched: string[] = [];
  readonly #channel = new BroadcastChannel('watched-worker');
  readonly #seen = new Map<string, number>();

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<WatchedEvent>) => {
      if (data.type === 'alive') this.#seen.set(data.id, data.at);
      else this.fetched.push(data.url);
    };
  }

  /**
   * Resolves when so many watched workers give a sign: one that was ended takes a moment to stop, and one that lives may have
   * to wait for a processor. The test's own time is the limit.
   */
  async untilAlive(count: number): Promise<void> {
    let alive = NaN;
    while (alive !== count) {
      const from = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 200));
      alive = [...this.#seen.values()].filter((at) => at > from).length;
    }
  }

  killAll(): void {
    this.#channel.postMessage('die');
  }

  close(): void {
    this.#channel.close();
  }
}

export const watchedWorker = new URL('./watched-worker.js', import.meta.url).href;

export async function mountWatched(src: string | null = null): Promise<AdaptiveLm> {
  const element = await fixture<AdaptiveLm>(html`<adaptive-lm worker-url=${watchedWorker}></adaptive-lm>`);
  if (src === null) await element.load(await modelFile());
  else element.src = src;
  return element;
}
