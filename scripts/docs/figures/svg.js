/** A little SVG: boxes, arrows, cells. Drawn 360 wide, so that it can be read on a phone; colours come from the page. */
import { escape } from '../html.js';

export const width = 360;

/** @param name becomes the figure's id; @param says what it shows, for those who do not see it */
export function figure(name, height, says, caption, parts) {
  return `<figure id="figure-${name}">
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(says)}">
<defs><marker id="tip-${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
${parts.flat(Infinity).join('\n').replaceAll('url(#tip)', `url(#tip-${name})`)}
</svg>
<figcaption>${caption}</figcaption>
</figure>\n`;
}

/** A box with its lines of text in the middle; the first is its name. */
export function box(x, y, w, h, lines, kind = '') {
  const [name, ...rest] = lines;
  const top = y + h / 2 - (rest.length * 14) / 2 + 4;
  return [
    `<rect class="box ${kind}" x="${x}" y="${y}" width="${w}" height="${h}" rx="7"/>`,
    name === undefined ? '' : text(x + w / 2, top, name, 'middle name'),
    ...rest.map((line, i) => text(x + w / 2, top + 14 * (i + 1), line, 'middle small')),
  ];
}

/** A room with its name in the corner. */
export function room(x, y, w, h, name) {
  return [
    `<rect class="room" x="${x}" y="${y}" width="${w}" height="${h}" rx="11"/>`,
    text(x + 12, y + 19, name, 'soft'),
  ];
}

/** Along points [x, y]; `kind` may be 'dashed'. */
export function arrow(points, kind = '') {
  return `<polyline class="arrow ${kind}" points="${points.map((point) => point.join()).join(' ')}" marker-end="url(#tip)"/>`;
}

export function text(x, y, line, kind = '') {
  return `<text class="${kind}" x="${x}" y="${y}">${escape(line)}</text>`;
}

const shades = 5;

/**
 * Numbers as coloured cells, with one path for each of the 2 · 5 + 1 shades.
 * @param rows a list of lists of numbers; @param most the size of a number that has the full colour
 */
export function heatMap(x, y, w, h, rows, most) {
  const [high, wide] = [h / rows.length, w / rows[0].length];
  const paths = new Map();
  for (const [i, row] of rows.entries()) {
    for (const [j, value] of row.entries()) {
      const shade = Math.round(Math.max(-1, Math.min(1, value / most)) * shades);
      const cell = `M${round(x + j * wide)} ${round(y + i * high)}h${round(wide)}v${round(high)}h${round(-wide)}z`;
      paths.set(shade, (paths.get(shade) ?? '') + cell);
    }
  }
  return [...paths].map(([shade, d]) => `<path class="shade${shade}" d="${d}"/>`);
}

function round(number) {
  return Math.round(number * 100) / 100;
}
