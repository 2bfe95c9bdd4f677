/**
 * How long each buffer of a Program is needed: from the first statement that touches it to the last. A scan is one
 * statement. Outside of that time its memory may serve another buffer, if nobody misses what was in it before. So a
 * buffer has a lifetime only if it is local, has no port, and in every replay, of any number of steps, whatever is read
 * of it was written earlier in the same replay. Masks, activations and gradients are such; the state that goes from one
 * segment to the next, and what counts on zeros at load, is not.
 *
 * That is shown once for all steps, not by walking through them. A piece that a call reaches either
 *   is the same at every step and in every replay ('fixed'),
 *   or moves by a slot with each step t of a scan, and is in slot t + k then ('each'),
 *   or is what such a piece reaches in all steps, from slot k to slot steps − 1 + k ('all'),
 *   or is in slot steps + k after a scan ('last').
 * A scan runs over all t from 0 to steps − 1, so when it is over 'each' k has reached what 'all' k reaches. What 'each' k
 * reads in step t was written if it was by 'all' k before the scan, or by 'each' k in the same step, in an earlier call.
 * 'last' k is in the last slot of 'all' k + 1. Slots of two pieces are compared only if they are equally long. Whatever
 * does not fit is taken for unknown: written, it does not count; read, its buffer has no lifetime.
 */
import { Intervals } from './intervals.js';
import { reachOf, type Reach } from './op-reach.js';
import { sizeAt, type Call, type Program, type View } from './program.js';

/** Statements of a Program's body, from the first up to and including the last. */
export interface Lifetime {
  readonly first: number;
  readonly last: number;
}

interface Piece {
  readonly slots: 'fixed' | 'each' | 'all' | 'last';
  /** k; 0 where it is fixed. */
  readonly slot: number;
  /** Elements from one slot to the next; null where it is fixed. */
  readonly slotLength: number | null;
  /** Elements from the start of the slot, or of the buffer where it is fixed. */
  readonly runs: readonly (readonly [start: number, end: number])[];
}

/** Lifetimes by number of buffer. */
export function lifetimes(program: Program): Map<number, Lifetime> {
  const contents = new Map<number, Content>();
  const open = new Set([...program.ports.values()].map(({ view }) => view.buffer));
  program.buffers.forEach(({ scope }, buffer) => {
    if (scope === 'local' && !open.has(buffer)) contents.set(buffer, new Content());
  });
  program.body.forEach((statement, at) => {
    const isScan = statement.kind === 'scan';
    for (const call of isScan ? statement.body : [statement]) follow(call, isScan, at, contents);
    for (const content of contents.values()) content.endStatement();
  });
  const found = new Map<number, Lifetime>();
  for (const [buffer, { lifetime, complete }] of contents) if (lifetime && complete) found.set(buffer, lifetime);
  return found;
}

function follow(call: Call, inScan: boolean, at: number, contents: ReadonlyMap<number, Content>): void {
  const reached = reachOf(call).flatMap((reach, i) => {
    const view = call.views[i];
    const content = view && contents.get(view.buffer);
    return reach && content ? [{ content, reach, piece: pieceOf(view, reach, inScan) }] : [];
  });
  for (const { content, reach, piece } of reached) content.touch(at, reach.reads, piece);
  for (const { content, reach, piece } of reached) if (reach.writes && piece) content.write(piece, inScan);
}

/** null: unknown. */
function pieceOf(view: View, { piece }: Reach, inScan: boolean): Piece | null {
  if (!piece) return null;
  const { offset, stride, ld } = view;
  const [rows, columns] = [sizeAt(piece.rows, 1), sizeAt(piece.columns, 1)];
  const [tall, wide] = [typeof piece.rows !== 'number', typeof piece.columns !== 'number'];
  if (!tall && !wide && stride === 0) {
    return { slots: 'fixed', slot: 0, slotLength: null, runs: runsOf(offset, rows, columns, ld) };
  }
  // Either the view moves from step to step, or the piece is of all steps: rows of a matrix, or parts of a vector.
  const isOfAll = wide ? !tall && piece.rows === 1 : tall;
  const slotLength = !isOfAll ? stride : wide ? columns : rows * ld;
  if (isOfAll === (stride !== 0) || slotLength <= 0) return null;
  const slot = Math.floor(offset / slotLength);
  const runs = runsOf(offset - slot * slotLength, rows, columns, ld);
  return { slots: isOfAll ? 'all' : inScan ? 'each' : 'last', slot, slotLength, runs };
}

function runsOf(offset: number, rows: number, columns: number, ld: number): [start: number, end: number][] {
  if (ld === columns) return [[offset, offset + rows * columns]];
  return Array.from({ length: rows }, (_, row) => [offset + row * ld, offset + row * ld + columns]);
}

/** What is known of one buffer on the way through the Program. */
class Content {
  lifetime: Lifetime | null = null;
  /** Whether nothing was read that was not written before. */
  complete = true;
  #slotLength: number | null = null;
  readonly #fixed = new Intervals();
  /** By k: what is written of the slots k … k + steps − 1, and of slot t + k in the step that is under way. */
  readonly #slots = new Map<number, Intervals>();
  readonly #slotsNow = new Map<number, Intervals>();

  touch(at: number, reads: boolean, piece: Piece | null): void {
    this.lifetime = { first: this.lifetime?.first ?? at, last: at };
    if (reads && !(piece && this.#holds(piece))) this.complete = false;
  }

  write({ slots, slot, slotLength, runs }: Piece, inScan: boolean): void {
    if (slots === 'last' || !this.#fits(slotLength)) return;
    const known = inScan ? this.#slotsNow : this.#slots;
    const into = slots === 'fixed' ? this.#fixed : (known.get(slot) ?? new Intervals());
    if (slots !== 'fixed') known.set(slot, into);
    for (const [start, end] of runs) into.add(start, end);
  }

  /** After a scan every step has done what was followed for one. */
  endStatement(): void {
    for (const [slot, written] of this.#slotsNow) {
      const all = this.#slots.get(slot) ?? new Intervals();
      for (const [start, end] of written.runs) all.add(start, end);
      this.#slots.set(slot, all);
    }
    this.#slotsNow.clear();
  }

  #holds({ slots, slot, slotLength, runs }: Piece): boolean {
    if (!this.#fits(slotLength)) return false;
    const places =
      slots === 'fixed'
        ? [this.#fixed]
        : slots === 'each'
          ? [this.#slots.get(slot), this.#slotsNow.get(slot)]
          : [this.#slots.get(slots === 'last' ? slot + 1 : slot)];
    return runs.every(([start, end]) => places.some((written) => written?.has(start, end)));
  }

  /** Slots of another length than those before cannot be compared with them. */
  #fits(slotLength: number | null): boolean {
    if (slotLength === null) return true;
    this.#slotLength ??= slotLength;
    return this.#slotLength === slotLength;
  }
}
