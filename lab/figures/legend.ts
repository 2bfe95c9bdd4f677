/** Names of series: to the right of the panel, or above it where there is no room beside. */
import { text, type Markish, type PlotOptions } from '@observablehq/plot';

const [lineHeight, roomBeside, leastWidth] = [16, 200, 560]; // px

export interface Legend {
  readonly marks: readonly Markish[];
  readonly options: Pick<PlotOptions, 'marginRight' | 'marginTop'>;
  /** px that it adds to the height. */
  readonly height: number;
}

export function legend(entries: readonly { readonly label: string; readonly colour: string }[], width: number): Legend {
  const beside = width >= leastWidth;
  const height = beside ? 0 : lineHeight * entries.length;
  const marks = entries.map(({ label, colour }, index) =>
    text([label], {
      frameAnchor: beside ? 'top-right' : 'top-left',
      dx: beside ? 8 : 0,
      dy: (beside ? lineHeight * index : lineHeight * (index - entries.length)) - 2,
      textAnchor: 'start',
      lineAnchor: 'top',
      fill: colour,
      fontWeight: 600,
    }),
  );
  return { marks, height, options: beside ? { marginRight: roomBeside } : { marginTop: 20 + height } };
}
