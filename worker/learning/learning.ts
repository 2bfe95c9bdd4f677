/** What a model learns while it is used, from its first piece of text on: the way there, and the way back. */
import type { LearningConfig } from '../../core/learning-config.js';
import type { LearningResult } from '../../core/protocol.js';
import type { Backends } from '../backends.js';
import type { Engine, EngineModel } from '../engine.js';
import { nextTask } from '../next-task.js';
import { StreamReader } from '../stream-reader.js';
import { Learner, stepsWorth } from './learner.js';

/** Rehearsal is what the model itself would say: drawn as it was learned, with nothing cut off. */
const honestly = { temperature: 1, topK: 0, topP: 1 };

export class Learning {
  readonly #rehearsal: number[] = [];
  /** Pieces that came before there was a learner. */
  readonly #waiting: Int32Array[] = [];
  #rehearser: StreamReader | null = null;
  #learner: Learner | null = null;
  #characters = 0;

  private constructor(
    private engine: Engine,
    readonly config: LearningConfig,
    readonly backends: Backends,
    /** The model as it was, to which there is a way back. */
    readonly base: EngineModel,
  ) {}

  static async begin(engine: Engine, config: LearningConfig, backends: Backends): Promise<Learning> {
    return new Learning(engine, config, backends, await engine.model());
  }

  /** Bytes beside those of the engine. */
  get bytes(): number {
    return this.base.parameters.byteLength + (this.#learner?.bytes ?? 0);
  }

  /**
   * Takes a piece of the reader's text and the steps that it is worth, until `aborted`: what is left then is owed, and the
   * next call, be it without text, goes on. The model writes with what it learned as soon as this resolves.
   */
  async learn(text: string, aborted: () => boolean): Promise<LearningResult> {
    this.#characters += text.length;
    if (text !== '') this.#waiting.push(this.engine.tokenizer.encode(text));
    let steps = 0;
    let loss = 0;
    const learner = await this.#ready(aborted);
    if (learner) {
      for (const piece of this.#waiting.splice(0)) learner.take(piece);
      try {
        while (learner.owed > 0 && !aborted()) {
          loss += (await learner.learn()).loss;
          steps++;
          await nextTask();
        }
        if (steps > 0) await this.#hand(learner);
      } catch (error) {
        this.destroy(); // the next call starts another one from what the model knows
        throw error;
      }
    }
    return {
      steps,
      stepsLeft: learner ? learner.owed : this.#worthWaiting,
      loss: steps > 0 ? loss / steps : null,
      characters: this.#characters,
    };
  }

  /** The model stands on another engine, which has what was learned. */
  moveTo(engine: Engine): void {
    this.engine = engine;
    if (this.#rehearser) this.#rehearsal.length = 0; // where the old one's rehearsal stood went with it
    this.#rehearser = null;
  }

  /** What was learned stays in the engine. Twice is harmless. */
  destroy(): void {
    this.#learner?.destroy();
    this.#learner = null;
  }

  get #worthWaiting(): number {
    return Math.floor(this.#waiting.reduce((steps, { length }) => steps + stepsWorth(length, this.config), 0));
  }

  /** The learner, or null when `aborted` before it had its rehearsal. */
  async #ready(aborted: () => boolean): Promise<Learner | null> {
    if (this.#learner) return this.#learner;
    const { engine, config, backends } = this;
    if (!(await this.#rehearse(aborted))) return null;
    const parameters = await engine.readParameters();
    const rehearsal = Int32Array.from(this.#rehearsal);
    this.#learner = await Learner.create(await backends.wasm(), engine.config, parameters, rehearsal, config);
    return this.#learner;
  }

  /** Writes what is missing of the rehearsal; whether it is whole then. Leaves the engine with a state of its own. */
  async #rehearse(aborted: () => boolean): Promise<boolean> {
    const { engine, config } = this;
    const sampling = { ...honestly, seed: config.seed };
    const reader = (this.#rehearser ??= new StreamReader(engine));
    reader.resume(); // others have read something meanwhile
    while (this.#rehearsal.length < config.rehearsalTokens) {
      if (aborted()) return false;
      const wanted = config.rehearsalTokens - this.#rehearsal.length;
      const first = this.#rehearsal.length === 0;
      const id = first
        ? await reader.read(engine.tokenizer.encode('\n'), sampling, aborted)
        : await reader.draw(Math.min(wanted, 64));
      if (id === null) return false;
      this.#rehearsal.push(id);
      if (this.#rehearsal.length % 16 === 0) await nextTask();
    }
    this.#rehearser = null;
    return true;
  }

  async #hand(learner: Learner): Promise<void> {
    const { engine } = this;
    await engine.keepFloat32();
    engine.writeParameters(await learner.step.readParameters(new Float32Array(engine.layout.length)));
    engine.validationLoss = null;
  }
}
