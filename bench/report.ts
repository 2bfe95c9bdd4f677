/** Figures beside their limits, as lines for people and for a file. */
import type { Figure } from './figure.js';

/** A figure, and the share of its limit that it reaches. */
export interface Line extends Figure {
  readonly limit: number | null;
  readonly share: number | null;
  readonly limitedBy: string;
}

export function withLimit(figure: Figure, limit: number | null, limitedBy: string): Line {
  return { ...figure, limit, limitedBy, share: limit === null ? null : figure.median / limit };
}

export function readable(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

export const nameWidth = 34;

export function write({ name, unit, median, min, max }: Figure, remark: string): void {
  const range = `${readable(min)} – ${readable(max)}`;
  process.stdout.write(
    `${name.padEnd(nameWidth)}${readable(median).padStart(10)} ${unit.padEnd(9)}${range.padStart(20)}   ${remark}\n`,
  );
}

export function print(line: Line): void {
  write(line, line.share === null ? '' : `${line.share.toFixed(2)} of ${line.limitedBy}`);
}
