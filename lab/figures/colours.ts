/** Colours that a page may set, readable on light and on dark. */

/** Of series, in their order. */
export const seriesColours = [
  'var(--lab-first, #4f7fe0)',
  'var(--lab-second, #e0862b)',
  'var(--lab-third, #2fa37a)',
  'var(--lab-fourth, #c05fc4)',
] as const;

/** For what stands behind: the truth, the data. */
export const quiet = 'var(--lab-quiet, #8a8f98)';

/** Numbers on both sides of zero: blue below, orange above, and nearly nothing, whatever is behind, at zero. */
export function signedFill(value: number, largest: number): string {
  const share = Math.min(1, Math.abs(value) / largest);
  const colour = value < 0 ? seriesColours[0] : seriesColours[1];
  return `color-mix(in srgb, ${colour} ${Math.round(100 * share)}%, transparent)`;
}
