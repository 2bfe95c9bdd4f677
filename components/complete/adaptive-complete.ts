import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { BackendChoice } from '../../core/backend.js';
import { AdaptiveError } from '../../core/errors.js';
import type { ModelInfo } from '../../core/protocol.js';
import { numberAttribute } from '../attributes.js';
import { controls } from '../controls.js';
import { reflectState } from '../custom-state.js';
import { Departure } from '../departure.js';
import { AdaptiveErrorEvent } from '../events.js';
import { tokens } from '../tokens.js';
import { Completion, type CompletionHost } from './completion.js';
import { AdaptiveAcceptEvent, AdaptiveSuggestEvent, type CompleteState } from './events.js';
import type { TextField } from './field.js';
import { GhostLayer } from './ghost-layer.js';
import { Lessons } from './lessons.js';
import { SuggestingModel } from './model.js';
import { Provenance, type Origin } from './provenance.js';
import { completeStrings } from '../strings/complete.js';
import { Localization } from '../strings/localization.js';
import { WordedError, type SomeStrings, type Words } from '../strings/words.js';
import { completeStyles } from './styles.js';
import { isStopped } from './suggester.js';
import { Target, type TargetProblem } from './target.js';

const defaultDelay = 120; // ms

/**
 * Completes what the reader types into a field: when they pause, a word or two appear in grey at the caret, by a model that
 * runs in the page. Tab or → takes them, Control or ⌥ with → the first word, Esc sends them away. It belongs right
 * after its field, in the same scrolling box. It never throws for how it is used: it shows what is wrong, and
 * `:state(error)` matches. `:state(suggesting)` and its like match the state.
 *
 * @event {AdaptiveSuggestEvent} adaptive-suggest - A suggestion is shown.
 * @event {AdaptiveAcceptEvent} adaptive-accept - The reader took one, or its first word.
 * @event {AdaptiveErrorEvent} adaptive-error - Something failed.
 *
 * @csspart ghost - The suggestion.
 * @csspart accept-button - Takes it, where there is no Tab key: shown with a coarse pointer only.
 * @csspart caption - What `learn` says of itself.
 * @csspart forget-button - Forgets what was learned.
 * @csspart error - What is wrong, when something is.
 *
 * @cssproperty --adaptive-complete-ghost - The colour of the suggestion. The rest are those of `<adaptive-lm>`.
 */
export class AdaptiveComplete extends LitElement implements CompletionHost {
  static override styles = [controls, tokens, completeStyles];

  /** The id of a `<textarea>`, or of an `<input>` of type text or search, in the same document or shadow root. */
  @property({ attribute: 'for' }) htmlFor = '';
  /** Address of a model file, relative to the page. It is fetched when the reader first comes to the field. */
  @property() src: string | null = null;
  /** Has the model learn from what is typed into the field. Nothing of it outlives the page, or leaves it. */
  @property({ type: Boolean }) learn = false;
  /** Where worker.js lies, if not in `worker/` beside this script. Read when the worker is started. */
  @property({ attribute: 'worker-url' }) workerUrl: string | null = null;
  /** Where the model runs: `auto`, `webgpu` or `wasm`. */
  @property() backend: BackendChoice = 'auto';
  /** ms without a key that count as a pause, 0 to 10,000. */
  @property({ converter: numberAttribute(defaultDelay) }) delay = defaultDelay;

  /** Words of this element alone, in place of those of its language; some or all. */
  @property({ attribute: false }) strings: SomeStrings | null = null;

  @state() private announcement = '';
  @state() private error: AdaptiveError | null = null;

  readonly #internals = this.attachInternals();
  readonly #localization = new Localization(this);
  readonly #target = new Target(this, (field) => this.#attach(field));
  readonly #departure = new Departure(() => this.#dropModel());
  readonly #model = new SuggestingModel();
  readonly #layer = new GhostLayer(this, () => this.#completion?.stop());
  readonly #lessons = new Lessons(
    () => this.#model.suggester?.client ?? null,
    (thrown) => this.#report(thrown),
  );
  #completion: Completion | null = null;
  #provenance = new Provenance();
  #state: CompleteState = 'idle';
  #misuse: AdaptiveError | null = null;

  constructor() {
    super();
    this.addController(this.#target);
    this.addController(this.#departure);
    reflectState(this.#internals, 'idle', 'idle');
  }

  /** What it is doing. `:state()` matches it. */
  get state(): CompleteState {
    return this.#state;
  }

  /** The field that is completed, or null while there is none. */
  get field(): TextField | null {
    return this.#target.field;
  }

  /** What is suggested just now, or ''. */
  get suggestion(): string {
    return this.#completion?.suggestion ?? '';
  }

  /** What the model is, or null before it is loaded. */
  get model(): ModelInfo | null {
    return this.#model.suggester?.model ?? null;
  }

  /** Loads the model before the reader comes to the field. @throws AdaptiveError */
  async load(): Promise<ModelInfo> {
    this.#departure.assertHere();
    const loading = this.#model.load(this);
    this.#refresh();
    try {
      const { model } = await loading;
      this.error = null;
      return model;
    } catch (thrown) {
      this.#report(thrown);
      throw thrown;
    } finally {
      this.#refresh();
    }
  }

  /** Takes the suggestion that is shown, as Tab does; whether there was one. */
  accept(): boolean {
    this.field?.focus();
    return this.#completion?.accept() ?? false;
  }

  /** Has the model be as it was before it learned anything here. @throws AdaptiveError */
  async forget(): Promise<void> {
    this.#lessons.drop();
    this.#provenance.skip();
    const { suggester } = this.#model;
    if (suggester) await suggester.alone(() => suggester.client.forget());
    this.announcement = this.#words.forgotten;
  }

  /** @internal */
  async suggest(before: string, signal: AbortSignal): Promise<string> {
    if (this.#misuse) return '';
    try {
      // After a failure the reader has to come to the field once more.
      if (!this.#model.suggester && !this.#model.loading) return '';
      const suggester = await this.#model.load(this);
      const text = await suggester.suggest(before, signal);
      this.error = null;
      return text;
    } catch (thrown) {
      this.#report(thrown);
      return '';
    }
  }

  /** @internal */
  onShow(text: string, fresh: boolean): void {
    this.announcement = '';
    this.#refresh();
    if (text !== '' && fresh) this.dispatchEvent(new AdaptiveSuggestEvent(text));
  }

  /** @internal */
  onAccept(text: string, rest: string): void {
    this.dispatchEvent(new AdaptiveAcceptEvent(text, rest));
  }

  /** @internal */
  onRest(text: string): void {
    this.announcement = this.#words.suggestion(text.trim());
  }

  /** @internal */
  onFocus(focused: boolean): void {
    this.announcement = focused && !this.#misuse ? this.#words.keys : '';
    if (focused && !this.#misuse) this.load().catch(() => {}); // shown already
    if (!focused) this.#study(true);
  }

  /** @internal */
  onText(text: string, origin: Origin | null): void {
    this.#provenance.update(text, origin ?? 'foreign');
    if (origin === null) this.#lessons.stop();
    else this.#study(false);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('htmlFor')) this.#target.find();
    if (changed.has('backend')) this.#model.backend = this.backend;
    if (changed.has('src') && this.hasUpdated) {
      this.#dropModel();
      if (this.field?.matches(':focus')) this.load().catch(() => {}); // shown already
    }
    if (changed.has('learn')) {
      // What was typed under other terms is not learned.
      this.#lessons.drop();
      this.#provenance.skip();
    }
    if (changed.has('delay') || changed.has('htmlFor')) this.#checkUse(this.#target.problem);
  }

  override render() {
    const error = this.#misuse ?? this.error;
    return html`
      ${this.#layer.element}
      <button
        class="take"
        part="accept-button"
        type="button"
        ?disabled=${this.suggestion === ''}
        @pointerdown=${(event: Event) => event.preventDefault()}
        @click=${() => this.accept()}
      >
        ${this.#words.accept} “${this.suggestion.trim()}”
      </button>
      <div class="caption" part="caption" ?hidden=${!this.learn}>
        ${this.#words.learns}
        <button class="quiet" part="forget-button" type="button" @click=${this.#onForget}>${this.#words.forget}</button>
      </div>
      <div role="alert">
        ${error ? html`<p class="error" part="error">${error instanceof WordedError ? error.message : this.#words.describe(error)}</p>` : nothing}
      </div>
      <div class="unseen" role="status">${this.announcement}</div>
    `;
  }

  /**
   * What it says.
   * @internal
   */
  get words(): Words {
    return this.#localization.words;
  }

  get #words() {
    return this.words.of('complete', completeStrings);
  }

  #onForget = (): void => {
    this.forget().catch((thrown: unknown) => this.#report(thrown));
  };

  #attach(field: TextField | null): void {
    this.#completion?.end();
    this.#lessons.stop();
    this.#completion = null;
    this.#provenance = new Provenance();
    this.#checkUse(this.#target.problem);
    if (field) this.#completion = new Completion(field, this.#layer, this);
    this.#refresh();
  }

  /** What is wrong with how the element is used, if anything. It goes when that does. */
  #checkUse(problem: TargetProblem): void {
    const before = this.#misuse?.message;
    this.#misuse = this.#misuseBy(problem);
    if (this.#misuse && this.#misuse.message !== before) this.dispatchEvent(new AdaptiveErrorEvent(this.#misuse));
    this.#refresh();
  }

  #misuseBy(problem: TargetProblem): AdaptiveError | null {
    const { htmlFor, delay } = this;
    const refused = (message: string) => new WordedError('invalid-option', message);
    if (problem === 'taken') return refused(this.#words.fieldTaken(htmlFor));
    if (problem === 'secret') return refused(this.#words.secretField(htmlFor));
    if (problem === 'not-a-field') return refused(this.#words.notAField(htmlFor));
    return delay >= 0 && delay <= 10_000 ? null : refused(this.#words.badDelay(String(delay)));
  }

  #study(end: boolean): void {
    if (!this.learn) return;
    this.#lessons.add(this.#provenance.take(end));
    this.#lessons.resume({ now: end });
  }

  #dropModel(): void {
    this.#completion?.stop();
    this.#lessons.drop();
    this.#model.destroy();
    this.error = null;
    this.#refresh();
  }

  #report(thrown: unknown): void {
    if (isStopped(thrown)) return;
    const error = AdaptiveError.from(thrown);
    if (error.code === 'worker') this.#dropModel();
    const known = this.error === error;
    this.error = error;
    this.#refresh();
    if (!known) this.dispatchEvent(new AdaptiveErrorEvent(error));
  }

  #refresh(): void {
    const previous = this.#state;
    this.#state = this.#stateNow();
    this.requestUpdate();
    if (this.#state !== previous) reflectState(this.#internals, this.#state, previous);
  }

  #stateNow(): CompleteState {
    if (this.#misuse ?? this.error) return 'error';
    if (this.suggestion !== '') return 'suggesting';
    if (this.#model.suggester) return 'ready';
    return this.#model.loading ? 'loading' : 'idle';
  }
}
