/** Small multiples: one panel for each of some names, as many in a row as leave each wide enough to be read. */
import { text, type Markish, type PlotOptions } from '@observablehq/plot';

export interface Facets {
  /** Where the panel of a name is, for a mark's `fx` and `fy`. */
  readonly place: (index: number) => { readonly fx: number; readonly fy: number };
  readonly rows: number;
  /** The panels' names above them. */
  readonly names: Markish;
  /** For the plot. */
  readonly options: Pick<PlotOptions, 'fx' | 'fy'>;
}

/** px from a panel's top to its name. */
const nameHeight = 12;
/** Between rows, as a share of a panel: room for the next row's names. */
const gap = 0.24;

export function facets(names: readonly string[], width: number, leastWidth: number): Facets {
  const inRow = Math.max(1, Math.min(names.length, Math.floor(width / leastWidth)));
  const rows = Math.ceil(names.length / inRow);
  const place = (index: number) => ({ fx: index % inRow, fy: Math.floor(index / inRow) });
  return {
    place,
    rows,
    names: text(
      names.map((name, index) => ({ name, ...place(index) })),
      { fx: 'fx', fy: 'fy', text: 'name', frameAnchor: 'top', dy: -nameHeight, fontSize: 12 },
    ),
    options: { fx: { axis: null, padding: 0.08 }, fy: { axis: null, padding: rows > 1 ? gap : 0 } },
  };
}
