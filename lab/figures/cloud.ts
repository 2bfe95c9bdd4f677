/**
 * Hundreds of points of one colour as a single path: with an element for each, a phone would spend its time on making elements,
 * not on showing them.
 */
import type { RenderFunction } from '@observablehq/plot';

/** For a `dot` mark, whose places and colours it reads; of each facet's points the first says the colour. `diameter` in px. */
export function cloud(diameter: number): RenderFunction {
  return (index, _scales, { x = [], y = [], fill = [] }, _dimensions, { document }) => {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    const places = Array.from(index, (at) => `M${place(x[at])},${place(y[at])}h0`);
    const attributes = {
      d: places.join(''),
      fill: 'none',
      stroke: String(fill[index[0] ?? 0] ?? 'currentColor'),
      'stroke-width': String(diameter),
      'stroke-linecap': 'round',
      'stroke-opacity': '0.6',
    };
    for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, value);
    return path;
  };
}

function place(pixels: unknown): string {
  return Number(pixels).toFixed(1);
}
