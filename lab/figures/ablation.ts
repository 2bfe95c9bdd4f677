/** Held-out losses by latent and adaptation, as heat maps: one for policies that start from 0, one for those from 1. */
import { cell, text } from '@observablehq/plot';
import { ablationCells, adaptations, latents, type AblationCell, type AblationFrame } from '../ablation-report.js';
import { mean } from '../statistics.js';
import { seriesColours } from './colours.js';
import { facets } from './facets.js';
import type { Figure } from './figure.js';

const usualWidth = 760;
const margins = { top: 30, bottom: 30 } as const;
/** px of a panel. */
const [panelWidth, panelHeight] = [280, 180];

interface Entry {
  readonly adaptation: string;
  readonly latent: string;
  readonly start: string;
  readonly loss: number;
}

const startName = (policyOffset: number) => `policies from ${policyOffset}`;

/** Static layers have no latent and no policies: they stand beside all that have as many layers. */
function entries(cells: readonly AblationCell[]): Entry[] {
  const offsets = [...new Set(cells.filter(({ latent }) => latent).map(({ policyOffset }) => policyOffset))].sort();
  return cells.flatMap(({ adaptation, latent, layers, policyOffset, losses }) => {
    const loss = mean(losses);
    if (latent) return [{ adaptation, latent, start: startName(policyOffset), loss }];
    const beside = latents.filter((each) => (each === 'hybrid') === (layers === 2));
    return offsets.flatMap((offset) =>
      beside.map((each) => ({ adaptation, latent: each, start: startName(offset), loss })),
    );
  });
}

const heatMap: Figure<AblationFrame> = {
  name: 'ablation',
  title: 'Held-out loss by latent and adaptation',

  describe({ runs }) {
    const sorted = ablationCells(runs)
      .filter(({ losses }) => Number.isFinite(mean(losses)))
      .sort((a, b) => mean(a.losses) - mean(b.losses));
    const say = (which: AblationCell | undefined) =>
      which ? `${which.adaptation}, ${which.latent ?? 'none'}, ${mean(which.losses).toFixed(3)}` : 'none yet';
    return (
      'Two heat maps of held-out loss in nats per token, for policies that start from 0 and from 1; rows are latents, columns ' +
      `adaptations, stronger colour is a lower loss. Best: ${say(sorted[0])}; worst: ${say(sorted.at(-1))}.`
    );
  },

  plot({ runs }, width = usualWidth) {
    const all = entries(ablationCells(runs));
    const finite = all.map(({ loss }) => loss).filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const fill = ({ loss }: Entry) => {
      const share = Number.isFinite(loss) ? (high - loss) / Math.max(high - low, 1e-9) : 0;
      return `color-mix(in srgb, ${seriesColours[0]} ${Math.round(6 + 44 * share)}%, transparent)`;
    };
    const words = ({ loss }: Entry) => (Number.isFinite(loss) ? loss.toFixed(3) : 'failed');
    const starts = [...new Set(all.map(({ start }) => start))];
    const panel = facets(starts, width, panelWidth);
    const placed = all.map((entry) => ({ ...entry, ...panel.place(starts.indexOf(entry.start)) }));
    const place = { fx: 'fx', fy: 'fy', x: 'adaptation', y: 'latent' } as const;
    return {
      ...panel.options,
      width,
      height: margins.top + margins.bottom + panelHeight * panel.rows,
      marginLeft: 90,
      marginTop: margins.top,
      marginBottom: margins.bottom,
      x: { label: null, domain: [...adaptations], axis: 'bottom' },
      y: { label: null, domain: [...latents] },
      color: { type: 'identity' },
      marks: [cell(placed, { ...place, fill, inset: 1 }), text(placed, { ...place, text: words }), panel.names],
    };
  },
};

export const ablationFigures: readonly Figure<AblationFrame>[] = [heatMap];
