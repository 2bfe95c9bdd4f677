/**
 * The language model: ids → embedding → dropout → recurrent stack → dropout → decoder → softmax cross entropy,
 * as three Programs over the same parameters.
 */
import type { Dropout, ModelConfig, TrainingConfig } from '../core/config.js';
import { shifted, type Program, type Stack, type View } from '../core/program.js';
import { streams } from '../core/random.js';
import { Context, type Share } from './context.js';
import { LockedDropout } from './dropout.js';
import { Embedding } from './embedding.js';
import { Linear } from './linear.js';
import { writeUpdate } from './optimizer.js';
import { languageModelLayout } from '../core/parameters.js';
import { recurrentStack } from './recurrent-stack.js';

export interface SegmentShape {
  /** B. */
  readonly batch: number;
  /** T at most. */
  readonly maxSteps: number;
}

const noDropout: Dropout = { embedding: 0, input: 0, hidden: 0, latent: 0, output: 0 };

export interface TrainingProgramOptions extends SegmentShape {
  /** Where the B rows stand in a larger batch; loss and gradients are then this share's part of the whole's. */
  readonly share?: Share;
  readonly dropout?: Dropout;
  /** Without an optimizer the Program ends with the gradients. */
  readonly optimizer?: TrainingConfig['optimizer'];
}

/**
 * One training step. Ports in: `ids`, `targets` [T, B], `random` [seed, step] when anything is dropped, `settings` [8].
 * Ports out: `loss` [1] (nats per token, mean), `losses` [T, B], `gradients`, and with an optimizer `norm` [1],
 * `report` [loss, norm]. `state.*` is carried on.
 */
export function trainingProgram(config: ModelConfig, options: TrainingProgramOptions): Program {
  const { dropout = noDropout, optimizer, share, ...shape } = options;
  const model = new LanguageModel(config, shape, 'training', dropout, share);
  const { builder } = model.context;
  // Side by side, so that one read brings both.
  const report = builder.matrix('report', 1, 2);
  model.context.clearGradients();
  const logits = model.forwardAll();
  model.loss(logits, report);
  model.backward(logits);
  model.stack.carry();
  if (optimizer) {
    writeUpdate(model.context, optimizer, shifted(report, 1));
    builder.port('report', report, [2]);
  }
  return builder.build();
}

export interface EvaluationProgramOptions extends SegmentShape {
  /** Whether `logits` [T, B, V] can be read. They are large, and without a port others have their memory too. */
  readonly openLogits?: boolean;
}

/** Forward only. Ports in: `ids`, `targets`. Ports out: `loss` [1], `losses` [T, B], `logits` where asked for. */
export function evaluationProgram(config: ModelConfig, options: EvaluationProgramOptions): Program {
  const { openLogits = false, ...shape } = options;
  const model = new LanguageModel(config, shape, 'evaluation', noDropout);
  const logits = model.forwardAll();
  if (openLogits) model.openLogits(logits);
  model.loss(logits, model.context.builder.matrix('loss', 1, 1));
  model.stack.carry();
  return model.context.builder.build();
}

/**
 * Reads up to T tokens of one stream and draws the next. Ports in: `ids` [T], `sampling` [temperature, top-k, top-p],
 * `random` [seed, position]. Ports out: `id` [1], `logits` [V] after the last token. The id drawn stands where the next
 * replay reads its first id from: without new ones, a replay of one step goes on with the token drawn last.
 */
export function generationProgram(config: ModelConfig, maxSteps: number): Program {
  const model = new LanguageModel(config, { batch: 1, maxSteps }, 'generation', noDropout);
  const logits = model.forwardLast();
  model.stack.carry();
  model.sample(logits);
  return model.context.builder.build();
}

class LanguageModel {
  readonly context: Context;
  readonly stack;
  readonly #ids: View; // [T, B]
  readonly #embedding: Embedding;
  readonly #inputDropout: LockedDropout;
  readonly #outputDropout: LockedDropout;
  readonly #decoder: Linear;
  #decoderInput: View | null = null; // [T·B, H]
  #loss: { readonly targets: View; readonly logSumExp: View } | null = null;

  constructor(
    readonly config: ModelConfig,
    { batch, maxSteps }: SegmentShape,
    kind: 'training' | 'evaluation' | 'generation',
    dropout: Dropout,
    share?: Share,
  ) {
    const { vocabularySize, embeddingSize, hiddenSizes, tiedDecoder } = config;
    const layout = languageModelLayout(config);
    this.context = new Context({ name: kind, layout, batch, maxSteps, training: kind === 'training', share });
    const { builder } = this.context;
    this.#ids = builder.matrix('ids', maxSteps, batch, 'i32');
    builder.port('ids', this.#ids, [{ perStep: batch }]);
    this.#embedding = new Embedding(this.context, this.#ids, {
      vocabularySize,
      embeddingSize,
      dropout: dropout.embedding,
    });
    this.#inputDropout = new LockedDropout(this.context, 'input', embeddingSize, dropout.input);
    this.stack = recurrentStack(this.context, config, this.#embedding.y, dropout);
    const outputSize = hiddenSizes.at(-1) ?? embeddingSize;
    this.#outputDropout = new LockedDropout(this.context, 'output', outputSize, dropout.output);
    this.#decoder = new Linear(this.context, {
      weight: tiedDecoder ? 'embedding.weight' : 'decoder.weight',
      bias: 'decoder.bias',
      inputSize: outputSize,
      outputSize: vocabularySize,
    });
  }

  /** logits [T, B, V] of every step. */
  forwardAll(): View {
    const { builder, batch, rows } = this.context;
    const { vocabularySize } = this.config;
    this.#forwardStack();
    const { stack, slot } = this.stack.output;
    this.#decoderInput = this.#outputDropout.copied(stack.all(slot));
    const logits = builder.matrix('logits', builder.maxSteps * batch, vocabularySize);
    this.#decoder.forward(this.#decoderInput, logits, rows);
    return logits;
  }

  openLogits(logits: View): void {
    this.context.builder.port('logits', logits, [this.context.rows, this.config.vocabularySize]);
  }

  /** logits [1, V] after the last step. */
  forwardLast(): View {
    const { builder, batch } = this.context;
    const { vocabularySize } = this.config;
    this.#forwardStack();
    const { stack, slot } = this.stack.output;
    const logits = builder.matrix('logits', batch, vocabularySize);
    // Outside a scan `at` counts from the slot after the last step.
    this.#decoder.forward(stack.at(slot - 1), logits, batch);
    builder.port('logits', logits, [batch, vocabularySize]);
    return logits;
  }

  /** Opens `targets` and leaves the mean loss in `loss` [1], each row's in `losses`, in nats. */
  loss(logits: View, loss: View): void {
    const { builder, batch, rows, totalRows } = this.context;
    const capacity = builder.maxSteps * batch;
    const targets = builder.matrix('targets', 1, capacity, 'i32');
    const logSumExp = builder.matrix('logSumExp', 1, capacity);
    const losses = builder.matrix('losses', 1, capacity);
    const sizes = { n: rows, vocabulary: this.config.vocabularySize };
    builder.call('softmaxCrossEntropyForward', { logits, targets, logSumExp, losses }, sizes);
    builder.call('mean', { x: losses, y: loss }, { n: rows, total: totalRows });
    builder.port('targets', targets, [rows]);
    builder.port('losses', losses, [rows]);
    builder.port('loss', loss, [1]);
    this.#loss = { targets, logSumExp };
  }

  /** From the logits, which become their own gradient, to the gradients of all parameters. */
  backward(logits: View): void {
    const { builder, batch, rows, totalRows } = this.context;
    const { vocabularySize, embeddingSize, hiddenSizes } = this.config;
    if (!this.#loss || !this.#decoderInput) throw new TypeError('The loss comes before its gradient.');
    const sizes = { n: rows, total: totalRows, vocabulary: vocabularySize };
    builder.call('softmaxCrossEntropyBackward', { logits, ...this.#loss }, sizes);
    const dy: Stack = builder.stack('output.dy', batch, hiddenSizes.at(-1) ?? embeddingSize);
    this.#decoder.backward(this.#decoderInput, logits, dy);
    this.#outputDropout.inPlace(dy.all());
    const dx = builder.stack('input.dx', batch, embeddingSize);
    this.stack.backward(dy, dx);
    this.#inputDropout.inPlace(dx.all());
    this.#embedding.backward(dx);
  }

  /** Draws `id` from the logits, into the first of `ids`. */
  sample(logits: View): void {
    const { builder } = this.context;
    const { vocabularySize } = this.config;
    const settings = builder.matrix('sampling', 1, 3);
    const id = this.#ids;
    builder.call(
      'sample',
      {
        logits,
        settings,
        random: this.context.random,
        scratch: builder.matrix('sample.scratch', 1, vocabularySize),
        order: builder.matrix('sample.order', 1, vocabularySize, 'i32'),
        id,
      },
      { vocabulary: vocabularySize, stream: streams.sample },
    );
    builder.port('sampling', settings, [3]);
    builder.port('id', id, [1]);
  }

  /** Embeds and runs the recurrent layers; the input is masked in place. */
  #forwardStack(): void {
    this.#embedding.forward();
    this.#inputDropout.inPlace(this.#embedding.y.all());
    this.stack.forward();
  }
}
