/**
 * Where a model's parameters are in a PyTorch state dict. The names are those of the author's code (github.com/flennerhag/alstm):
 *
 *   embedding.weight              encoder.weight
 *   layers.L.latent.weight_ih …   rnns.adapt_layers.L.weight_ih, weight_hh, bias_ih, bias_hh    (nn.LSTMCell)
 *   layers.L.policy.weight        rnns.project_layers.L.linear.weight
 *   layers.L.cell.weight_ih …     rnns.alstm_layers.L.weight_ih, weight_hh, bias
 *   decoder.weight, decoder.bias  the same
 *
 * It has no GRU and no latents without a memory; these continue its scheme: agru_layers, and adapt_layers.L.weight and bias
 * (nn.Linear). Layers that are not adaptive are rnns.L.weight_ih_l0 … as there (nn.LSTM, nn.GRU, nn.RNN of one layer).
 */
import type { ModelConfig } from '../../../core/config.js';
import type { ParameterEntry, ParameterLayout } from '../../../core/layout.js';

export interface TorchName {
  readonly entry: ParameterEntry;
  readonly name: string;
  /** The second bias that PyTorch's own modules have, of the same shape; null where there is none. */
  readonly second: string | null;
}

/** One for each parameter, in the order of the layout. */
export function torchNames(config: ModelConfig, layout: ParameterLayout): TorchName[] {
  return layout.entries.map((entry) => torchName(config, entry));
}

/** rnns.NAME.L holds the cells. */
export function cellList(cell: ModelConfig['cell']): string {
  return `a${cell}_layers`;
}

function torchName({ cell, adaptation, latent }: ModelConfig, entry: ParameterEntry): TorchName {
  const [room = '', layer = '', part = '', parameter = ''] = entry.name.split('.');
  const single = (name: string): TorchName => ({ entry, name, second: null });
  /** A bias is bias_ih and bias_hh there. */
  const doubled = (prefix: string, suffix = ''): TorchName =>
    parameter === 'bias'
      ? { entry, name: `${prefix}.bias_ih${suffix}`, second: `${prefix}.bias_hh${suffix}` }
      : single(`${prefix}.${parameter}${suffix}`);
  if (room === 'embedding') return single('encoder.weight');
  if (room === 'decoder') return single(entry.name);
  if (adaptation === 'static') return doubled(`rnns.${layer}`, '_l0');
  if (part === 'policy') return single(`rnns.project_layers.${layer}.linear.weight`);
  if (part === 'cell') return single(`rnns.${cellList(cell)}.${layer}.${parameter}`);
  const prefix = `rnns.adapt_layers.${layer}`;
  return latent === 'recurrent' ? doubled(prefix) : single(`${prefix}.${parameter}`);
}
