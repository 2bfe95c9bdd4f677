/**
 * Plain recurrent language models from a PyTorch state dict: an embedding, nn.LSTM (or nn.GRU, nn.RNN, cells of their own), a
 * linear decoder. What the parts are called does not matter much: recurrent weights are known by PyTorch's own names for
 * them (weight_ih_l0 …), and of the rest one matrix is the embedding and one the decoder.
 */
import { parseModelConfig, type ModelConfig } from '../../../core/config.js';
import { gateCount, inputSizes, languageModelLayout } from '../../../core/parameters.js';
import { grouped, quote, refusal } from '../refusal.js';
import { isRecurrent, recurrentLayers, type LayerNames } from './recurrent-names.js';
import { isTied, type StateDict } from './state-dict.js';

export interface PlainModel {
  readonly config: ModelConfig;
  /** Flat, in the layout of the configuration. */
  readonly parameters: Float32Array;
}

/** Whether it has recurrent weights under PyTorch's names, and not under ours, which end alike but have one bias. */
export function isPlain(dict: StateDict): boolean {
  return dict.left.some(isRecurrent) && !dict.left.some((name) => name.endsWith('.cell.bias'));
}

/** @throws AdaptiveError 'model-file' if parts are missing, do not fit together or are of a kind that is not read */
export function takePlain(dict: StateDict): PlainModel {
  const layers = recurrentLayers(dict.left);
  const ends = findEnds(dict.left.filter((name) => !isRecurrent(name)));
  const hiddenSizes = layers.map(({ weightHh }) => dict.matrix(weightHh)[1]);
  const cell = cellOf(dict, layers);
  const [vocabularySize, embeddingSize] = dict.matrix(ends.embedding);
  const shape = { vocabularySize, embeddingSize, hiddenSizes, latentSize: 1 }; // of a latent that there is not
  const tiedDecoder = isTied(dict, ends.embedding, ends.decoder, hiddenSizes.at(-1));
  const config = parseModelConfig({ cell, adaptation: 'static', latent: 'linear', tiedDecoder, ...shape });

  const layout = languageModelLayout(config);
  const inputs = inputSizes(embeddingSize, hiddenSizes);
  const taken = new Map<string, Float32Array>([
    ['embedding.weight', dict.take(ends.embedding, [vocabularySize, embeddingSize])],
  ]);
  layers.forEach((names, l) => {
    const [hidden = NaN, input = NaN] = [hiddenSizes[l], inputs[l]];
    const rows = gateCount[cell] * hidden;
    taken.set(`layers.${l}.cell.weight_ih`, dict.take(names.weightIh, [rows, input]));
    taken.set(`layers.${l}.cell.weight_hh`, dict.take(names.weightHh, [rows, hidden]));
    taken.set(`layers.${l}.cell.bias`, takeBiases(dict, names, cell, rows));
  });
  const decoderShape = [vocabularySize, hiddenSizes.at(-1) ?? NaN];
  if (ends.decoder !== null) {
    const decoder = dict.take(ends.decoder, decoderShape);
    if (!tiedDecoder) taken.set('decoder.weight', decoder);
  }
  taken.set(
    'decoder.bias',
    ends.bias === null ? new Float32Array(vocabularySize) : dict.take(ends.bias, [vocabularySize]),
  );
  dict.finish('a plain recurrent language model');

  const parameters = new Float32Array(layout.length);
  for (const { name, offset } of layout.entries) parameters.set(taken.get(name) ?? [], offset);
  return { config, parameters };
}

/** By the number of gates: 1, 3 or 4 times as many rows as columns. */
function cellOf(dict: StateDict, layers: readonly LayerNames[]): ModelConfig['cell'] {
  const [first] = layers;
  const [rows, hidden] = first ? dict.matrix(first.weightHh) : [NaN, NaN];
  for (const cell of ['lstm', 'gru', 'rnn'] as const) if (rows === gateCount[cell] * hidden) return cell;
  throw refusal(
    `Tensor ${quote(first?.weightHh ?? '')} has ${grouped(rows)} rows and ${grouped(hidden)} columns. An LSTM has 4 times as ` +
      'many rows as columns, a GRU 3 times, an RNN as many.',
    { tensor: first?.weightHh ?? '' },
  );
}

/** Ours is the sum of both. */
function takeBiases(dict: StateDict, names: LayerNames, cell: ModelConfig['cell'], rows: number): Float32Array {
  const sum = new Float32Array(rows);
  for (const name of [names.biasIh, names.biasHh]) {
    if (name === null) continue;
    const bias = dict.take(name, [rows]);
    // n = tanh(W_in x + b_in + r ⊙ (W_hn h + b_hn)): the reset gate scales one of them.
    if (cell === 'gru' && name === names.biasHh && bias.subarray((2 * rows) / 3).some((value) => value !== 0)) {
      throw refusal(
        `Tensor ${quote(name)} has a bias within the reset gate of a GRU (its last third), which the GRU here does not have. ` +
          'Only a GRU whose last third is zeros can be read.',
        { tensor: name },
      );
    }
    bias.forEach((value, i) => (sum[i] = (sum[i] ?? NaN) + value));
  }
  return sum;
}

interface Ends {
  readonly embedding: string;
  readonly decoder: string | null;
  readonly bias: string | null;
}

const embeddingNames = /emb|encoder|wte|lookup/i;
const decoderNames = /decoder|head|fc|linear|dense|proj|classif|softmax|logit|out/i;

/** Which of the tensors that are not recurrent is what. A tied model may have been stored with one of its matrices only. */
function findEnds(names: readonly string[]): Ends {
  const weights = names.filter((name) => /(^|\.)weight$/.test(name));
  const called = weights.filter((name) => embeddingNames.test(name));
  const embeddings = called.length > 0 ? called : weights.filter((name) => !decoderNames.test(name));
  const embedding = only('embedding', embeddings);
  const decoder = only(
    'decoder',
    weights.filter((name) => !embeddings.includes(name)),
  );
  const bias = only(
    "decoder's bias",
    names.filter((name) => /(^|\.)bias$/.test(name)),
  );
  if (embedding !== null) return { embedding, decoder, bias };
  if (decoder !== null) return { embedding: decoder, decoder: null, bias };
  throw refusal(
    'The file has recurrent layers but no embedding. Store the whole language model, not its layers alone.',
  );
}

function only(role: string, [first, second]: readonly string[]): string | null {
  if (first === undefined || second === undefined) return first ?? null;
  throw refusal(
    `Tensors ${quote(first)} and ${quote(second)} may both be the ${role}. ` +
      'A plain recurrent language model has one embedding and one linear decoder; rename or leave out the other.',
    { tensor: second },
  );
}
