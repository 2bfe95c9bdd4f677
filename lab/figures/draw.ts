/** Draws a figure in any document: the page's, or one that stands in for it in Node. */
import { plot } from '@observablehq/plot';
import type { AnyFrame } from '../experiment.js';
import type { Figure } from './figure.js';

/** For a page, which names and describes it itself, `width` px wide. */
export function drawPlot<Frame extends AnyFrame>(figure: Figure<Frame>, frame: Frame, width: number): Element {
  return plot({ ...figure.plot(frame, width), width });
}

/** An SVG element with its title and its description inside. */
export function drawFigure<Frame extends AnyFrame>(figure: Figure<Frame>, frame: Frame, document: Document): Element {
  const svg = plot({ ...figure.plot(frame), document });
  const name = `lab-${figure.name}`;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${name}-title ${name}-description`);
  const texts = [
    ['desc', `${name}-description`, figure.describe(frame)],
    ['title', `${name}-title`, figure.title],
  ] as const;
  for (const [kind, id, text] of texts) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', kind);
    element.setAttribute('id', id);
    element.textContent = text;
    svg.insertBefore(element, svg.firstChild);
  }
  return svg;
}
