/** Recurrent layers by the names that PyTorch's modules give their weights: nn.LSTM, nn.GRU, nn.RNN and the cells of each. */
import { quote, refusal } from '../refusal.js';

export interface LayerNames {
  readonly weightIh: string;
  readonly weightHh: string;
  /** null where the layer was made without. */
  readonly biasIh: string | null;
  readonly biasHh: string | null;
}

/** PREFIX weight_ih_l0; a cell's own has no number of a layer. AWD-LSTM keeps what DropConnect works on as …_raw. */
const pattern =
  /^(?<prefix>.*?)(?<kind>weight|bias)_(?<part>ih|hh|hr)(_l(?<layer>\d+))?(?<reverse>_reverse)?(?<raw>_raw)?$/;

export function isRecurrent(name: string): boolean {
  return pattern.test(name);
}

/**
 * Bottom to top.
 * @throws AdaptiveError 'model-file' on projections, on two directions, and where the order cannot be told
 */
export function recurrentLayers(names: readonly string[]): LayerNames[] {
  const layers = new Map<string, Map<string, string>>();
  for (const name of names) {
    const { prefix = '', kind = '', part = '', layer = '0', reverse, raw } = pattern.exec(name)?.groups ?? {};
    if (kind === '') continue;
    if (reverse !== undefined) {
      throw refused(
        name,
        'reads the text backwards (bidirectional), which cannot write. Only one direction can be read',
      );
    }
    if (part === 'hr') throw refused(name, 'is a projection (proj_size), which the LSTM here does not have');
    const key = `${prefix}\n${layer.padStart(4, '0')}`;
    const parts = layers.get(key) ?? new Map<string, string>();
    layers.set(key, parts);
    // What is computed from the raw weight may be there too.
    if (raw !== undefined || !parts.has(`${kind}_${part}`)) parts.set(`${kind}_${part}`, name);
  }
  return inOrder([...layers]).map((parts) => layerNames(parts));
}

/** Layers of one module by their own numbers; modules of one layer each by the last number of their names. */
function inOrder(layers: readonly (readonly [string, ReadonlyMap<string, string>])[]): ReadonlyMap<string, string>[] {
  const prefixes = new Set(layers.map(([key]) => key.split('\n')[0] ?? ''));
  const numbered = layers.map(([key, parts]) => {
    const [prefix = '', layer = '0'] = key.split('\n');
    const place = prefixes.size === 1 ? Number(layer) : Number(prefix.match(/\d+/g)?.at(-1) ?? NaN);
    return { place, layer: Number(layer), parts };
  });
  numbered.sort((a, b) => a.place - b.place);
  for (const [index, { place, layer, parts }] of numbered.entries()) {
    const name = [...parts.values()][0] ?? '';
    if (place !== index || (prefixes.size > 1 && layer !== 0)) {
      throw refused(name, `should be of layer ${index} by the numbers in the names, and they do not say so`);
    }
  }
  return numbered.map(({ parts }) => parts);
}

function layerNames(parts: ReadonlyMap<string, string>): LayerNames {
  const [weightIh, weightHh] = [parts.get('weight_ih'), parts.get('weight_hh')];
  if (weightIh !== undefined && weightHh !== undefined) {
    return { weightIh, weightHh, biasIh: parts.get('bias_ih') ?? null, biasHh: parts.get('bias_hh') ?? null };
  }
  throw refused([...parts.values()][0] ?? '', 'is of a layer that lacks weight_ih or weight_hh');
}

function refused(name: string, why: string) {
  return refusal(`Tensor ${quote(name)} ${why}.`, { tensor: name });
}
