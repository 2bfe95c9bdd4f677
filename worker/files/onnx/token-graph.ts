/**
 * One token of a language model as an ONNX graph (docs/onnx.md), with the batch left open:
 *
 *   ids [batch]                  the token just read
 *   state.L.h … [batch, H]       of layer L as the token before left it; zeros at the start of a text
 *   logits [batch, V]            what comes next, not yet a softmax
 *   state.L.h.next … [batch, H]  what to hand in with the next token
 *
 * The constants are the parameters under their own names, transposed by the products themselves: a tied decoder is stored
 * once, and nothing is in another order than in our files.
 */
import type { ModelConfig } from '../../../core/config.js';
import { inputSizes, languageModelLayout, policyRows, type PolicyRows } from '../../../core/parameters.js';
import type { Precision } from '../../../core/precision.js';
import { scaleName } from '../int8-tensors.js';
import { parameterTensors } from '../model-tensors.js';
import { float32Tensor, type Tensor } from '../tensor.js';
import { cellWriters, type PolicyValues } from './cells.js';
import { GraphWriter } from './graph-writer.js';
import { writeLatent } from './latents.js';
import type { Constant, Graph } from './onnx-model.js';

/**
 * `parameters` flat, in the layout of the configuration.
 * @throws AdaptiveError 'model-file' if a weight is not finite, or too large for f16
 */
export function tokenGraph(config: ModelConfig, parameters: Float32Array, precision: Precision = 'f32'): Graph {
  const { vocabularySize, embeddingSize, hiddenSizes, tiedDecoder } = config;
  const writer = new GraphWriter();
  const ids = writer.input({ name: 'ids', type: 'int64', shape: ['batch'] });
  const weights = writeWeights(writer, parameterTensors(languageModelLayout(config), parameters, precision));
  let x = writer.call('Gather', [weights('embedding.weight'), ids], 'embedded');
  const states = new States(writer);
  const [sizes, top] = [inputSizes(embeddingSize, hiddenSizes), hiddenSizes.length - 1];
  /** The latent that feeds the next one: for the bottom layer, the top one's of the token before. */
  let zeta = top > 0 && config.adaptation !== 'static' ? states.of(top, config.latentSize)('z').before : null;
  hiddenSizes.forEach((hiddenSize, index) => {
    const prefix = `layers.${index}`;
    const policy = policyRows(config, sizes[index] ?? embeddingSize, hiddenSize);
    const state = states.of(index, hiddenSize);
    let policies: PolicyValues = { x: null, h: null, ih: null, hh: null, b: null };
    if (config.adaptation !== 'static') {
      const seen = [x, state('h').before, ...(zeta === null ? [] : [zeta])];
      const z = writeLatent(writer, config, {
        prefix: `${prefix}.latent`,
        seen: writer.call('Concat', seen, `${prefix}.seen`, { axis: 1 }),
        weight: (name) => weights(`${prefix}.latent.${name}`),
        state: states.of(index, config.latentSize),
        feedsNextToken: zeta !== null && index === top,
      });
      policies = writePolicies(writer, policy, { prefix, z, weight: weights(`${prefix}.policy.weight`), config });
      if (zeta !== null) zeta = z;
    }
    x = cellWriters[config.cell](writer, {
      prefix,
      hiddenSize,
      x,
      policies,
      weight: (name) => weights(`${prefix}.cell.${name}`),
      state,
    });
  });
  const decoder = weights(tiedDecoder ? 'embedding.weight' : 'decoder.weight');
  const logits = writer.product(x, decoder, weights('decoder.bias'), 'logits');
  writer.output({ name: logits, type: 'float', shape: ['batch', vocabularySize] });
  states.open();
  return writer.graph('one token');
}

/** States as they are asked for: each an input and an output. */
class States {
  /** Name to size. */
  readonly #opened = new Map<string, number>();

  constructor(readonly writer: GraphWriter) {}

  of(layer: number, size: number) {
    return (name: string) => {
      const before = `state.${layer}.${name}`;
      this.#opened.set(before, size);
      return { before, after: `${before}.next` };
    };
  }

  /** When all of them have been made. */
  open(): void {
    for (const [name, size] of [...this.#opened].sort(([a], [b]) => (a < b ? -1 : 1))) {
      this.writer.input({ name, type: 'float', shape: ['batch', size] });
      this.writer.output({ name: `${name}.next`, type: 'float', shape: ['batch', size] });
    }
  }
}

const constantTypes = { F32: 'float', F16: 'float16', I8: 'int8' } as const;

function asConstant({ name, dtype, shape, data }: Tensor): Constant {
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'I8') throw new TypeError(`${name} is no weight: ${dtype}.`);
  return { name, type: constantTypes[dtype], shape, data };
}

/** The parameters as constants; answers with the name of each one's float32 values. */
function writeWeights(writer: GraphWriter, tensors: readonly Tensor[]): (name: string) => string {
  const dtypes = new Map(tensors.map((tensor) => [writer.constant(asConstant(tensor)), tensor.dtype]));
  const float = 1; // TensorProto.FLOAT
  for (const [name, dtype] of dtypes) {
    if (dtype === 'F16') writer.call('Cast', [name], `${name}.f32`, { to: float });
    // By rows: axis 0, and zero is zero.
    if (dtype === 'I8') writer.call('DequantizeLinear', [name, scaleName(name)], `${name}.f32`, { axis: 0 });
  }
  return (name) => (dtypes.get(name) === 'F32' ? name : `${name}.f32`);
}

interface PolicyStep {
  readonly prefix: string;
  readonly z: string;
  readonly weight: string;
  readonly config: ModelConfig;
}

/** d = offset + tanh(U z), cut into those that the adaptation keeps. */
function writePolicies(writer: GraphWriter, rows: PolicyRows, { prefix, z, weight, config }: PolicyStep): PolicyValues {
  const product = writer.product(z, weight, null, `${prefix}.policy.product`);
  let d = writer.call('Tanh', [product], `${prefix}.policy`);
  if (config.policyOffset === 1) {
    const one = writer.constant({ ...asConstant(float32Tensor(`${prefix}.policy.offset`, [1], Float32Array.of(1))) });
    d = writer.call('Add', [d, one], `${prefix}.policy.moved`);
  }
  const kept = (['x', 'h', 'ih', 'hh', 'b'] as const).filter((name) => rows[name] > 0);
  const names = kept.map((name) => `${prefix}.policy.${name}`);
  writer.split(
    d,
    kept.map((name) => rows[name]),
    names,
  );
  const value = (name: keyof PolicyRows) => (rows[name] > 0 ? `${prefix}.policy.${name}` : null);
  return { x: value('x'), h: value('h'), ih: value('ih'), hh: value('hh'), b: value('b') };
}
