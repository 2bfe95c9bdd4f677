/** The model that is there: where it stands, the texts that are written with it, and what it learns while it is used. */
import type { BackendChoice } from '../core/backend.js';
import { parseBackendChoice } from '../core/config.js';
import { AdaptiveError } from '../core/errors.js';
import type { LearningConfig } from '../core/learning-config.js';
import type { LearningResult, ModelInfo } from '../core/protocol.js';
import type { Modules } from './assets.js';
import { Backends, type BackendOptions } from './backends.js';
import { Engine, type EngineModel } from './engine.js';
import type { GenerationListener } from './generator.js';
import { Learning } from './learning/learning.js';
import { Sessions } from './sessions.js';

/** A run that is under way, and bytes that it holds beside its model. */
export interface RunningTraining {
  readonly engine: Engine;
  readonly bytes: number;
}

export class CurrentModel {
  readonly backends: Backends;
  /** Where models are to stand, as it was asked for: checked when one is placed or moved. */
  choice: string;
  /** The run that is under way, whether it trains the current model or another. */
  run: RunningTraining | null = null;
  #modules: Promise<Modules> | null = null;
  #sessions: Sessions | null = null;
  #learning: Learning | null = null;

  /** `load` is called once, at the first operation that needs the modules, and again if it failed. */
  constructor(
    readonly load: () => Promise<Modules>,
    choice: string,
    options: BackendOptions,
  ) {
    this.choice = choice;
    this.backends = new Backends(() => this.modules(), options);
  }

  modules(): Promise<Modules> {
    this.#modules ??= this.load();
    this.#modules.catch(() => {
      this.#modules = null;
    });
    return this.#modules;
  }

  get info(): ModelInfo | null {
    return this.#sessions && this.infoOf(this.#sessions.engine);
  }

  /** null when there is no model. */
  get sessions(): Sessions | null {
    return this.#sessions;
  }

  /** @throws AdaptiveError 'no-model' */
  current(): Sessions {
    if (this.#sessions) return this.#sessions;
    throw new AdaptiveError('no-model', 'There is no model yet. Load a model file, or train one on a text.');
  }

  /** @throws AdaptiveError 'invalid-option' */
  checkBackend(): BackendChoice {
    return parseBackendChoice(this.choice);
  }

  /** A model where it is to be, not yet the current one. */
  async place(model: EngineModel): Promise<Engine> {
    return Engine.place(this.backends, this.checkBackend(), model);
  }

  /** Makes a model the current one. All sessions start from nothing. */
  use(engine: Engine): Sessions {
    this.endLearning();
    this.#sessions?.engine.destroy();
    return (this.#sessions = new Sessions(engine));
  }

  /** Has the model where it should be by now, with the states that its texts have come to. */
  async move({ onBackend }: GenerationListener): Promise<void> {
    const sessions = this.current();
    const { engine } = sessions;
    if (engine.choice === this.choice) return;
    const places = await sessions.save();
    const moved = await this.place(await engine.model());
    const learning = this.#learning;
    this.#learning = null;
    this.use(moved).restore(places);
    learning?.moveTo(moved);
    this.#learning = learning;
    const [from, to] = [engine.info.backend, moved.info.backend];
    if (from !== to) onBackend?.({ from, to, reason: moved.info.reason, message: '' });
  }

  /** `config` counts at the first call for a model. */
  async learn(text: string, config: LearningConfig, interrupted: () => boolean): Promise<LearningResult> {
    const sessions = this.current();
    await sessions.save();
    this.#learning ??= await Learning.begin(sessions.engine, config, this.backends);
    try {
      return await this.#learning.learn(text, interrupted);
    } finally {
      sessions.resume(); // rehearsal was another text
    }
  }

  /** The model as it was before it learned, and its texts where they stand. Without anything learned it stays as it is. */
  async forget(): Promise<ModelInfo> {
    const sessions = this.current();
    if (!this.#learning) return this.infoOf(sessions.engine);
    const places = await sessions.save();
    const engine = await this.place(this.#learning.base);
    this.use(engine).restore(places);
    return this.infoOf(engine);
  }

  /** What was learned is part of the model from now on. */
  endLearning(): void {
    this.#learning?.destroy();
    this.#learning = null;
  }

  /** Frees the model, its texts, and what it learned. */
  drop(): void {
    this.endLearning();
    this.#sessions?.engine.destroy();
    this.#sessions = null;
  }

  /** Frees everything. Twice is harmless. */
  destroy(): void {
    this.backends.close();
    this.drop();
  }

  /** Of a model that is there; its bytes are those of everything that is held. */
  infoOf(engine: Engine): ModelInfo {
    const held = new Set([engine, this.#sessions?.engine, this.run?.engine]);
    const beside = [this.run, this.#sessions, this.#learning];
    const bytes = [...held, ...beside].reduce((sum, each) => sum + (each?.bytes ?? 0), 0);
    return { ...engine.info, bytes };
  }
}
