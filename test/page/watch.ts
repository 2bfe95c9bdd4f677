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

  /** Watched workers that give a sign from a moment on: time enough for one that was ended to stop. */
  async countAlive(): Promise<number> {
    const from = Date.now() + 50;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...this.#seen.values()].filter((at) => at > from).length;
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
