/** How each experiment is set up in a page: what can be set, and what is shown before anybody presses Start. */
import type { ExperimentName } from '../../lab/figures/figures.js';

export type FieldValue = string | number | boolean;

interface AnyField {
  /** The setting. */
  readonly name: string;
  readonly label: string;
  readonly initial: FieldValue;
}

export interface ChoiceField extends AnyField {
  readonly kind: 'choice';
  /** `setting`: what the experiment gets, where that is not the value itself. */
  readonly options: readonly { readonly value: FieldValue; readonly label: string; readonly setting?: unknown }[];
}

export interface NumberField extends AnyField {
  readonly kind: 'number';
  readonly initial: number;
  readonly hint?: string;
  /** What the arrow keys add; any number may be typed. */
  readonly step: number | 'any';
}

export type Field = ChoiceField | NumberField;

export interface Stage {
  readonly title: string;
  readonly about: string;
  readonly fields: readonly Field[];
  /**
   * first: what the first frame shows, from the moment it comes into view.
   * all: every frame is computed then, and kept for a slider.
   * none: nothing before Start.
   */
  readonly shown: 'first' | 'all' | 'none';
  /** Steps of training for each frame that is drawn, at first. Not given: as many as it can. */
  readonly stepsPerFrame?: number;
  readonly needsMnist?: boolean;
  /** Whether figures stand side by side where there is room, the first one wider. */
  readonly beside?: boolean;
  /** Settings of the page's own, where the research's would take too long. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const policyActivation: ChoiceField = {
  kind: 'choice',
  name: 'policyActivation',
  label: 'Policy activation ψ',
  initial: 'identity',
  options: [
    { value: 'identity', label: 'none' },
    { value: 'tanh', label: 'tanh' },
    { value: 'sigmoid', label: 'sigmoid' },
  ],
};

const learningRate = (initial: number): NumberField => {
  return { kind: 'number', name: 'learningRate', label: 'Learning rate', initial, step: 'any' };
};

const hiddenSize = (initial: number): NumberField => {
  return { kind: 'number', name: 'hiddenSize', label: 'Hidden units', initial, step: 1 };
};

const steps = (initial: number): NumberField => {
  return { kind: 'number', name: 'steps', label: 'Steps', initial, step: 1 };
};

/** Nets for MNIST, as the experiment wants them. */
const netsOf = (...nets: readonly (readonly [adaptation: string, activation: string])[]) =>
  nets.map(([adaptation, activation]) => ({ adaptation, activation }));

const nets: ChoiceField = {
  kind: 'choice',
  name: 'nets',
  label: 'Nets',
  initial: 'research',
  options: [
    {
      value: 'research',
      label: 'the research’s four',
      setting: netsOf(['static', 'sigmoid'], ['static', 'relu'], ['sva', 'sigmoid'], ['sva', 'identity']),
    },
    {
      value: 'static',
      label: 'static, four activations',
      setting: netsOf(['static', 'sigmoid'], ['static', 'tanh'], ['static', 'relu'], ['static', 'identity']),
    },
    {
      value: 'adaptive',
      label: 'adaptive, no activation',
      setting: netsOf(['output', 'identity'], ['input', 'identity'], ['io', 'identity'], ['sva', 'identity']),
    },
    {
      value: 'adaptive-sigmoid',
      label: 'adaptive + sigmoid',
      setting: netsOf(['output', 'sigmoid'], ['input', 'sigmoid'], ['io', 'sigmoid'], ['sva', 'sigmoid']),
    },
    { value: 'two', label: 'static ReLU and io', setting: netsOf(['static', 'relu'], ['io', 'identity']) },
  ],
};

const policyOffset: ChoiceField = {
  kind: 'choice',
  name: 'policyOffset',
  label: 'Policies start at',
  initial: 0,
  options: [
    { value: 0, label: '0' },
    { value: 1, label: '1' },
  ],
};

export const stages: Readonly<Record<ExperimentName, Stage>> = {
  bottleneck: {
    title: 'Four nets, one budget',
    about: 'Press Start: the nets read the same digits in the same order.',
    shown: 'none',
    needsMnist: true,
    fields: [nets, hiddenSize(64), learningRate(0.0015), steps(3000)],
  },
  beyond: {
    title: 'The best that 100,000 parameters can do',
    about: 'One adaptive net, digits moved about a little, and many passes over them. This takes minutes.',
    shown: 'none',
    needsMnist: true,
    fields: [
      {
        kind: 'choice',
        name: 'adaptation',
        label: 'Adaptation',
        initial: 'sva',
        options: [
          { value: 'sva', label: 'sva' },
          { value: 'static', label: 'static' },
        ],
      },
      {
        kind: 'choice',
        name: 'activation',
        label: 'Activation',
        initial: 'relu',
        options: [
          { value: 'relu', label: 'ReLU' },
          { value: 'identity', label: 'none' },
          { value: 'tanh', label: 'tanh' },
          { value: 'sigmoid', label: 'sigmoid' },
        ],
      },
      learningRate(0.003),
      { kind: 'number', name: 'epochs', label: 'Epochs', initial: 30, step: 1 },
    ],
  },
  sine: {
    title: 'Two units against two hills',
    about: 'Grey bars: where the data is. Dashed: what is to be learned. Thick: the adaptive net.',
    shown: 'first',
    beside: true,
    stepsPerFrame: 4,
    fields: [
      hiddenSize(2),
      {
        kind: 'choice',
        name: 'activation',
        label: 'Activation',
        initial: 'tanh',
        options: [
          { value: 'tanh', label: 'tanh' },
          { value: 'sigmoid', label: 'sigmoid' },
          { value: 'relu', label: 'ReLU' },
        ],
      },
      { kind: 'number', name: 'policyHiddenSize', label: 'Policy units (0: linear)', initial: 8, step: 1 },
      learningRate(0.01),
      steps(3000),
    ],
  },
  tails: {
    title: 'A rare and steep tail',
    about: 'What each net says over what is true: whoever is right lies on the line, also far out.',
    shown: 'first',
    stepsPerFrame: 20,
    fields: [
      hiddenSize(2),
      { kind: 'number', name: 'staticSize', label: 'Units of static nets', initial: 10, step: 1 },
      learningRate(0.003),
      steps(10_000),
    ],
  },
  adaptation: {
    title: 'One matrix, four ways to adapt it',
    about: 'Move along the input’s way, and see which entries of W can move with it.',
    shown: 'all',
    fields: [{ kind: 'number', name: 'size', label: 'Rows and columns', initial: 12, step: 1 }, policyActivation],
  },
  stability: {
    title: 'A thousand steps back, without a clip',
    about: 'An adaptive LSTM and a static one of the same size, through many steps at high learning rates.',
    shown: 'none',
    settings: { batchSize: 1, steps: 60, embeddingSize: 16, latentSize: 8 },
    fields: [
      {
        kind: 'choice',
        name: 'learningRates',
        label: 'Learning rates',
        initial: 'high',
        options: [
          { value: 'high', label: '0.03 and 0.1', setting: [0.03, 0.1] },
          { value: 'usual', label: '0.003 and 0.01', setting: [0.003, 0.01] },
          { value: 'wild', label: '0.1 and 0.3', setting: [0.1, 0.3] },
        ],
      },
      { kind: 'number', name: 'segmentLength', label: 'Steps back', initial: 1000, step: 1 },
      hiddenSize(32),
      policyOffset,
    ],
  },
  robustness: {
    title: 'Dropout rates drawn at random',
    about: 'Each dot is a model trained for a moment with dropout rates that nobody tuned.',
    shown: 'none',
    settings: { corpus: 'tinyshakespeare', trainingTokens: 40_000, heldTokens: 4000, epochs: 12 },
    fields: [
      { kind: 'number', name: 'samples', label: 'Draws', initial: 6, step: 1 },
      { kind: 'number', name: 'spread', label: 'Spread', initial: 0.1, step: 'any' },
      learningRate(0.003),
    ],
  },
  ablation: {
    title: 'Which part does what',
    about: 'Every latent with every adaptation, each with the same number of parameters.',
    shown: 'none',
    settings: { trainingTokens: 40_000, heldTokens: 4000, budget: 20_000 },
    fields: [learningRate(0.01), { kind: 'number', name: 'epochs', label: 'Epochs', initial: 10, step: 'any' }],
  },
};

/** What the experiment's `parse` is to read, where `values` are what the fields say. */
export function settingsOf(
  stage: Stage,
  values: Readonly<Record<string, FieldValue>>,
): Readonly<Record<string, unknown>> {
  const entries = stage.fields.map((field): readonly [string, unknown] => {
    const value = values[field.name] ?? field.initial;
    const option = field.kind === 'choice' ? field.options.find((each) => each.value === value) : undefined;
    return [field.name, option?.setting ?? value];
  });
  return { ...stage.settings, ...Object.fromEntries(entries) };
}
