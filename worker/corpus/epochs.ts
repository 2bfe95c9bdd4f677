/**
 * What an epoch reads. A document of weight w is read ⌊w⌋ times, and of the documents of one weight, which follow each
 * other, the fraction that is left as well: a stretch that goes on in the next epoch where it ended in this one, so that in
 * the end all of them were read in proportion. All of it follows from the number of the epoch.
 */
import { around, joined, totalLength, type Span } from './spans.js';

export interface WeightedSpan extends Span {
  readonly weight: number;
}

/** Spans of one weight. */
interface Group {
  readonly weight: number;
  readonly spans: readonly Span[];
}

export class Epochs {
  /** Tokens of an epoch, the same for each. */
  readonly length: number;
  readonly #groups: readonly Group[];

  constructor(spans: readonly WeightedSpan[]) {
    this.#groups = grouped(spans);
    this.length = this.#groups.reduce(
      (sum, group) => sum + Math.floor(group.weight) * totalLength(group.spans) + restLength(group),
      0,
    );
  }

  /** In order: all documents once, those that are read again once more, and so on, and the fractions in the end. */
  spansOf(epoch: number): Span[] {
    const rounds = Math.max(0, ...this.#groups.map(({ weight }) => Math.floor(weight)));
    const spans: Span[] = [];
    for (let round = 1; round <= rounds; round++) {
      for (const group of this.#groups) if (group.weight >= round) spans.push(...group.spans);
    }
    for (const group of this.#groups) {
      const length = restLength(group);
      if (length > 0) spans.push(...around(group.spans, epoch * length, length));
    }
    return joined(spans);
  }
}

/** Tokens of the fraction. */
function restLength({ weight, spans }: Group): number {
  return Math.floor((weight % 1) * totalLength(spans));
}

function grouped(spans: readonly WeightedSpan[]): Group[] {
  const groups: { weight: number; spans: Span[] }[] = [];
  for (const span of spans) {
    const last = groups.at(-1);
    if (last?.weight === span.weight) last.spans.push(span);
    else groups.push({ weight: span.weight, spans: [span] });
  }
  return groups.map(({ weight, spans }) => ({ weight, spans: joined(spans) }));
}
