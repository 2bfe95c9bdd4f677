/** Figures as SVG files, drawn in Node on a document of linkedom. */
import { AdaptiveError } from '../core/errors.js';
import type { AnyFrame } from '../lab/experiment.js';
import type { Figure } from '../lab/figures/figure.js';
import { drawFigure } from '../lab/figures/draw.js';

/** A file of its own follows the reader's scheme, wherever it is shown. */
const scheme = 'svg { color: #23272e } @media (prefers-color-scheme: dark) { svg { color: #d8dce3 } }';

/** @throws AdaptiveError 'unsupported' when the package linkedom is missing */
export async function drawSvg(figure: Figure<AnyFrame>, frame: AnyFrame): Promise<string> {
  const { parseHTML } = await import('linkedom').catch((cause: unknown) => {
    const message = 'Figures are drawn with the package linkedom, which is not installed. Run npm install linkedom.';
    throw new AdaptiveError('unsupported', message, {}, { cause });
  });
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = drawFigure(figure, frame, document);
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = scheme;
  svg.append(style);
  return `${svg.outerHTML}\n`;
}
