/** Which tokens are trained on, and which are held out; and in which order an epoch reads them. */

/** Tokens `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function spanLength({ start, end }: Span): number {
  return end - start;
}

export function totalLength(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + spanLength(span), 0);
}

/** Spans in order, as few of them as there can be. */
export class SpanList {
  readonly spans: Span[] = [];

  add(start: number, end: number): void {
    const last = this.spans.at(-1);
    if (end <= start) return;
    if (last?.end === start) this.spans[this.spans.length - 1] = { start: last.start, end };
    else this.spans.push({ start, end });
  }
}

/** The same tokens, with as few spans as there can be. */
export function joined(spans: readonly Span[]): Span[] {
  const list = new SpanList();
  for (const { start, end } of spans) list.add(start, end);
  return list.spans;
}

/** `length` tokens of a circle of spans, from its token `from` on. */
export function around(spans: readonly Span[], from: number, length: number): Span[] {
  const total = totalLength(spans);
  const result: Span[] = [];
  let skip = total > 0 ? from % total : 0;
  let left = Math.min(length, total);
  // Twice, since what is left may go on from the beginning.
  for (const { start, end } of [...spans, ...spans]) {
    const begin = start + Math.min(skip, end - start);
    skip -= begin - start;
    const taken = Math.min(left, end - begin);
    if (taken > 0) result.push({ start: begin, end: begin + taken });
    left -= taken;
  }
  return result;
}
