/** Numbers for people: short, steady in width, in the reader's own notation. */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const significant = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** What stands where there is no number. */
export const blank = '–';

export function formatWhole(value: number): string {
  return Number.isFinite(value) ? whole.format(value) : blank;
}

export function formatLoss(nats: number | null): string {
  return nats !== null && Number.isFinite(nats) ? twoDigits.format(nats) : blank;
}

/** `part` of 1 as percent. */
export function formatPercent(part: number): string {
  return Number.isFinite(part) ? percents.format(part) : blank;
}

/** How many times as much: two significant digits. */
export function formatTimes(times: number): string {
  return significant.format(times);
}

/** 96 200 → 96 k, 1 480 000 → 1.5 M: two significant digits. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return blank;
  const rounded = Number(count.toPrecision(2));
  if (rounded >= 1e6) return `${significant.format(rounded / 1e6)} M`;
  if (rounded >= 1e3) return `${significant.format(rounded / 1e3)} k`;
  return whole.format(count);
}

export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${significant.format(bytes / 1e9)} GB`;
  if (bytes >= 1e6) return `${significant.format(bytes / 1e6)} MB`;
  if (bytes >= 1e3) return `${significant.format(bytes / 1e3)} kB`;
  return `${whole.format(bytes)} B`;
}

/** `seconds` as "8 s", "2 min 10 s", "1 h 5 min". */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return blank;
  const total = Math.round(seconds);
  if (total < 60) return `${total} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return total % 60 === 0 ? `${minutes} min` : `${minutes} min ${total % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${whole.format(hours)} h` : `${whole.format(hours)} h ${minutes % 60} min`;
}

/** The same for guesses: one unit, rounded. */
export function formatRoughDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return blank;
  if (seconds < 50) return `${Math.max(10, Math.round(seconds / 10) * 10)} s`;
  if (seconds < 50 * 60) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return `${whole.format(Math.max(1, Math.round(seconds / 3600)))} h`;
}
