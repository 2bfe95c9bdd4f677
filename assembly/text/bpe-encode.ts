/**
 * Byte-level BPE of a text: split into pieces, each joined by itself. Texts repeat their words, so pieces that were
 * joined before are looked up. A piece has two places in the cache; a new one drives out the older of the two.
 *
 *     CacheEntry   0 … 31  bytes of the piece, then zeros
 *                 32       how many bytes; 0 for an empty entry
 *                 33       how many ids
 *                 34 … 63  ids, u16 [15]
 */
import { joinLong, joinShort, longScratch, shortPiece } from './bpe-join';
import { nextSpecial, specialFound, BpeTables } from './bpe-tables';
import { pieceEnd } from './pieces';

const entryBits: usize = 6;
const mostBytes: usize = 32;
const mostIds: u32 = 15;

/** mostBytes times FF, then as many times 00: read at mostBytes − n it keeps n bytes. */
const masks = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** A text that is being encoded. `encodePieces` can break off, and go on when it has more scratch. */
@unmanaged
export class PieceRun {
  /** What is left of the text. */
  at: usize;
  end: usize;
  /** Where the next id goes, and where there is no more room. */
  ids: usize;
  idsEnd: usize;
  scratch: usize;
  scratchBytes: usize;
}

@inline
function mix(a: u64, b: u64): u64 {
  const mixed = (a ^ 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9 + (b ^ (b >> 29)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 32);
}

@inline
function holds(entry: usize, low: v128, high: v128, bytes: usize): bool {
  return (
    load<u8>(entry, 32) == bytes &&
    v128.all_true<u8>(v128.eq<u8>(v128.load(entry), low)) &&
    v128.all_true<u8>(v128.eq<u8>(v128.load(entry, 16), high))
  );
}

/** Appends the ids of an entry; there is room for `mostIds`. */
@inline
function copyIds(entry: usize, ids: usize): usize {
  const count = load<u8>(entry, 33);
  v128.store(ids, v128.load(entry, 34));
  if (count > 8) memory.copy(ids + 16, entry + 50, <usize>(count - 8) << 1);
  return ids + (<usize>count << 1);
}

/** A piece of 2 to `mostBytes` bytes, of which as many can be read, at ids that have room for `mostIds`. */
@inline
function encodeCached(tables: BpeTables, piece: usize, bytes: usize, ids: usize): usize {
  const mask = masks + mostBytes - bytes;
  const low = v128.and(v128.load(piece), v128.load(mask));
  const high = v128.and(v128.load(piece, 16), v128.load(mask, 16));
  const folded = v128.xor(low, v128.mul<u32>(high, i32x4.splat(0x27d4eb2f)));
  const hash = <u32>mix(v128.extract_lane<u64>(folded, 0), v128.extract_lane<u64>(folded, 1) + bytes);
  const entry = tables.cache + (<usize>(hash & tables.cacheMask) << entryBits);
  if (holds(entry, low, high, bytes)) return copyIds(entry, ids);
  const other = tables.cache + (<usize>((hash ^ 1) & tables.cacheMask) << entryBits);
  if (holds(other, low, high, bytes)) return copyIds(other, ids);
  const count = joinShort(tables, piece, <u32>bytes, ids);
  if (count <= mostIds) {
    memory.copy(other, entry, 64);
    v128.store(entry, low);
    v128.store(entry, high, 16);
    store<u8>(entry, <u8>bytes, 32);
    store<u8>(entry, <u8>count, 33);
    memory.copy(entry + 34, ids, <usize>count << 1);
  }
  return ids + (<usize>count << 1);
}

/**
 * Encodes what is left of a run, special texts included. Returns 0 when all is done, else the bytes of scratch that the
 * next piece needs. A text has at most as many ids as bytes.
 */
export function encodePieces(at: usize, tables: usize): usize {
  const run = changetype<PieceRun>(at);
  const table = changetype<BpeTables>(tables);
  assert(run.ids + ((run.end - run.at) << 1) <= run.idsEnd, 'more bytes than there is room for');
  while (run.at < run.end) {
    const plainEnd = table.specialCount > 0 ? nextSpecial(table, run.at, run.end) : run.end;
    const needed = encodePlain(run, table, plainEnd);
    if (needed > 0) return needed;
    if (plainEnd == run.end) break;
    store<u16>(run.ids, <u16>specialFound.id);
    run.ids += 2;
    run.at += specialFound.bytes;
  }
  return 0;
}

function encodePlain(run: PieceRun, tables: BpeTables, end: usize): usize {
  let at = run.at;
  let ids = run.ids;
  // Beyond these, whole vectors would be read or written outside of what is ours.
  const readable = (<usize>memory.size() << 16) - mostBytes;
  const writable = run.idsEnd - min<usize>(run.idsEnd, mostIds << 1);
  let needed: usize = 0;
  while (at < end) {
    const next = pieceEnd(at, end);
    const bytes = next - at;
    if (bytes == 1) {
      store<u16>(ids, load<u16>(tables.byteIds + (<usize>load<u8>(at) << 1)));
      ids += 2;
    } else if (bytes <= mostBytes && at <= readable && ids <= writable) {
      ids = encodeCached(tables, at, bytes, ids);
    } else if (bytes <= shortPiece) {
      ids += <usize>joinShort(tables, at, <u32>bytes, ids) << 1;
    } else if (longScratch(bytes) <= run.scratchBytes) {
      ids += <usize>joinLong(tables, at, <u32>bytes, run.scratch, ids) << 1;
    } else {
      needed = longScratch(bytes);
      break;
    }
    at = next;
  }
  run.at = at;
  run.ids = ids;
  return needed;
}
