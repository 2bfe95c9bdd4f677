/** `<adaptive-complete>` on the real worker: how quick it is at the shipped size, that reading on is reading, that it learns. */
import { expect, fixture, html, waitUntil } from '@open-wc/testing';
import type { AdaptiveComplete } from '../../components/complete/define.js';
import '../../components/complete/define.js';
import { insertText } from '../../components/complete/field.js';
import { Lessons } from '../../components/complete/lessons.js';
import { Suggester } from '../../components/complete/suggester.js';
import type { LearningResult } from '../../core/protocol.js';
import { ModelClient } from '../../worker/client.js';
import { corpus, modelFile } from './helpers.js';

const shipped = new URL('/models/shakespeare.safetensors', import.meta.url).href;

const lines = `Good morrow, my lord. What news from the king? They say that he will come to us before the night,
and bring with him a thousand men, who know not what they fight for. Then let us go and meet him on the way.`;

/** As typing does it: with the events, and without the time. */
function type(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  insertText(field, text);
}

async function mount(src: string): Promise<{ field: HTMLTextAreaElement; element: AdaptiveComplete }> {
  const place = await fixture<HTMLElement>(
    html`<div>
      <textarea id="text" rows="8" cols="80"></textarea>
      <adaptive-complete for="text" src=${src} delay="0"></adaptive-complete>
    </div>`,
  );
  const field = place.querySelector('textarea');
  const element = place.querySelector('adaptive-complete');
  if (!field || !element) throw new Error('The fixture is not whole.');
  await element.load();
  return { field, element };
}

describe('<adaptive-complete> with a real model', () => {
  it('suggests after a pause, at the shipped size', async () => {
    const { field, element } = await mount(shipped);
    const suggest = element.suggest.bind(element);
    let suggestions = 0;
    for (const word of lines.match(/\s*\S+/g) ?? []) {
      const asked = new Promise<string>((resolve) => {
        element.suggest = (...question) => {
          const answer = suggest(...question);
          resolve(answer);
          return answer;
        };
      });
      type(field, word);
      if (element.suggestion !== '') continue; // the word was the one suggested, and the rest stays
      const answer = await asked;
      await element.updateComplete;
      expect(element.suggestion).to.equal(answer);
      if (answer !== '') suggestions++;
    }
    expect(suggestions).to.be.greaterThan(20);
  });

  it('suggests the same, be the text read letter by letter or at once', async () => {
    const client = new ModelClient();
    const { signal } = new AbortController();
    try {
      const model = await client.load(shipped);
      const following = new Suggester(client, model);
      const text = lines.slice(0, 120);
      const answers: string[] = [];
      for (let length = 1; length <= text.length; length++) {
        answers.push(await following.suggest(text.slice(0, length), signal));
      }
      for (const length of [1, 4, 5, 47, 100, 119, 120]) {
        const anew = new Suggester(client, model);
        expect(await anew.suggest(text.slice(0, length), signal), text.slice(0, length)).to.equal(answers[length - 1]);
      }
      expect(answers.filter((answer) => answer !== '').length).to.be.greaterThan(60);
      expect(answers.filter((answer) => /\n|^\S+\s+\S+\s+\S/.test(answer))).to.deep.equal([]);
    } finally {
      client.destroy();
    }
  });

  it('learns in rests, is stopped by a suggestion, goes on, and forgets', async () => {
    const client = new Recording();
    const { results } = client;
    const src = URL.createObjectURL(await modelFile());
    const errors: unknown[] = [];
    const lessons = new Lessons(
      () => client,
      (thrown) => errors.push(thrown),
    );
    try {
      const suggester = new Suggester(client, await client.load(src));
      lessons.add([corpus.slice(0, 204), corpus.slice(204, 510)]);
      client.onLearn = () => lessons.stop();
      lessons.resume({ now: true });
      await waitUntil(() => results.length > 0, 'it begins', { timeout: 60_000 });
      client.onLearn = () => {};
      expect(await suggester.suggest('The lamp must ', new AbortController().signal)).to.match(/^be \w/);
      lessons.resume({ now: true });
      const learned = () => results.at(-1)?.stepsLeft === 0 && results.at(-1)?.characters === 510;
      await waitUntil(learned, 'learned', { timeout: 60_000 });
      expect(results.reduce((sum, { steps }) => sum + steps, 0)).to.be.greaterThan(0);
      expect(results[0]?.stepsLeft, 'it was stopped').to.be.greaterThan(0);
      expect(await suggester.suggest('The lamp must ', new AbortController().signal)).to.match(/^be \w/);
      expect((await suggester.alone(() => client.forget())).tokenizer).to.equal('characters');
      expect(errors).to.deep.equal([]);
    } finally {
      client.destroy();
      URL.revokeObjectURL(src);
    }
  });
});

class Recording extends ModelClient {
  readonly results: LearningResult[] = [];
  onLearn = (): void => {};

  override async learn(...call: Parameters<ModelClient['learn']>): Promise<LearningResult> {
    const learning = super.learn(...call);
    this.onLearn();
    const result = await learning;
    this.results.push(result);
    return result;
  }
}
