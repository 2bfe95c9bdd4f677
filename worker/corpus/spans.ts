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

/** The same tokens, with as few spans as there can be. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last?.end === span.start) result[result.length - 1] = { start: last.start, end: span.end };
    else if (span.end > span.start) result.push(span);
  }
  return result;
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
