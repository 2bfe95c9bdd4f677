/**
 * One token of the static LSTM language model as an ONNX graph:
 *   id [1, 1] → Gather → LSTM, a node a layer → MatMul + bias → logits [1, 1, V] → ArgMax → next [1, 1]
 * State comes in as h0, c0, … and goes out as h0_out, c0_out, … Shapes are chosen so that nothing is reshaped: what ONNX
 * has as directions is also a step.
 */
import type { ModelConfig } from '../../core/config.js';
import type { ParameterLayout } from '../../core/layout.js';
import { inputSizes } from '../../core/parameters.js';
import { onnxModel, type Constant, type Node, type Value } from './onnx-graph.js';

/** Where ONNX's gates i, o, f, c lie in our i, f, g, o. */
const gateOrder = [0, 3, 1, 2] as const;

export function tokenModel(config: ModelConfig, layout: ParameterLayout, parameters: Float32Array) {
  const weight = (name: string) => {
    const { offset, size } = layout.entry(name);
    return parameters.subarray(offset, offset + size);
  };
  const { vocabularySize, embeddingSize, hiddenSizes, tiedDecoder } = config;
  const id: Value = { name: 'id', type: 'int64', shape: [1, 1] };
  const next: Value = { name: 'next', type: 'int64', shape: [1, 1] };
  const logits: Value = { name: 'logits', type: 'float', shape: [1, 1, vocabularySize] };
  const constants: Constant[] = [
    { name: 'embedding', shape: [vocabularySize, embeddingSize], values: weight('embedding.weight') },
  ];
  const nodes: Node[] = [{ type: 'Gather', inputs: ['embedding', 'id'], outputs: ['x'] }];
  const [statesIn, statesOut]: [Value[], Value[]] = [[], []];
  let below = 'x';
  for (const [l, inputSize] of inputSizes(embeddingSize, hiddenSizes).entries()) {
    const hidden = hiddenSizes[l] ?? NaN;
    const prefix = `layers.${l}.cell`;
    const bias = new Float32Array(8 * hidden); // of x and of h; ours is their sum
    bias.set(reordered(weight(`${prefix}.bias`)));
    constants.push(
      { name: `W${l}`, shape: [1, 4 * hidden, inputSize], values: reordered(weight(`${prefix}.weight_ih`)) },
      { name: `R${l}`, shape: [1, 4 * hidden, hidden], values: reordered(weight(`${prefix}.weight_hh`)) },
      { name: `B${l}`, shape: [1, 8 * hidden], values: bias },
    );
    nodes.push({
      type: 'LSTM',
      inputs: [below, `W${l}`, `R${l}`, `B${l}`, '', `h${l}`, `c${l}`],
      outputs: ['', `h${l}_out`, `c${l}_out`],
      attributes: { hidden_size: hidden },
    });
    for (const name of [`h${l}`, `c${l}`]) {
      statesIn.push({ name, type: 'float', shape: [1, 1, hidden] });
      statesOut.push({ name: `${name}_out`, type: 'float', shape: [1, 1, hidden] });
    }
    below = `h${l}_out`;
  }
  const width = hiddenSizes.at(-1) ?? embeddingSize;
  const decoder = weight(tiedDecoder ? 'embedding.weight' : 'decoder.weight');
  constants.push(
    { name: 'decoder', shape: [width, vocabularySize], values: transposed(decoder, vocabularySize, width) },
    { name: 'decoder_bias', shape: [vocabularySize], values: weight('decoder.bias') },
  );
  nodes.push(
    { type: 'MatMul', inputs: [below, 'decoder'], outputs: ['product'] },
    { type: 'Add', inputs: ['product', 'decoder_bias'], outputs: ['logits'] },
    { type: 'ArgMax', inputs: ['logits'], outputs: ['next'], attributes: { axis: 2, keepdims: 0 } },
  );
  const model = onnxModel({ nodes, constants, inputs: [id, ...statesIn], outputs: [next, logits, ...statesOut] });
  return { model, states: statesIn };
}

/** The four quarters of a gate's rows, in ONNX's order. */
function reordered(gates: Float32Array): Float32Array {
  const quarter = gates.length / 4;
  const into = new Float32Array(gates.length);
  for (const [to, from] of gateOrder.entries()) {
    into.set(gates.subarray(from * quarter, (from + 1) * quarter), to * quarter);
  }
  return into;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const into = new Float32Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) into[j * rows + i] = matrix[i * columns + j] ?? NaN;
  }
  return into;
}
