/**
 * Walks an encoded Program (worker/encode-program.ts writes it) and calls the kernels.
 *
 *   program   blocks: i32 · block …
 *   block     direction: i32 (0: once, 1: scan forward, 2: scan backward) · calls: i32 · call …
 *             or 3 · weights: i32 · weight …: weights that are packed for the scans to come
 *   call      opcode · views · sizes · scalars: i32 counts, then
 *     view    address: u32 · stride: i32 bytes a step · ld: i32 elements · end: u32     (absent: 0 0 0 0)
 *     size    base: i32 · perStep: i32
 *     scalar  f32
 *   weight    address: u32 · ld · rows · columns · along (0 or 1): i32 · destination: u32
 *
 * A view's address at step t is address + t · stride; outside a scan t is the number of steps.
 */
import { dispatch } from '../generated/dispatch';
import { packWeight } from './product-packed';
import { argumentBlock, argumentBlockBytes } from './workspace';

const viewBytes: usize = 16;

/** Resolves one call at step t into `args`, runs it, and returns the address of the next. */
function call(at: usize, t: i32, steps: i32): usize {
  const opcode = load<i32>(at);
  const views = load<i32>(at, 4);
  const sizes = load<i32>(at, 8);
  const scalars = load<i32>(at, 12);
  assert(views * 12 + (sizes + scalars) * 4 <= argumentBlockBytes);
  at += 16;
  const args = argumentBlock();
  let to = args;
  for (let i = 0; i < views; i++) {
    const address = <usize>(load<i32>(at) + t * load<i32>(at, 4));
    store<usize>(to, address);
    store<i32>(to, load<i32>(at, 8), 4);
    store<usize>(to, load<usize>(at, 12), 8);
    assert(address <= load<usize>(at, 12));
    at += viewBytes;
    to += 12;
  }
  for (let i = 0; i < sizes; i++) {
    store<i32>(to, load<i32>(at) + steps * load<i32>(at, 4));
    at += 8;
    to += 4;
  }
  for (let i = 0; i < scalars; i++) {
    store<f32>(to, load<f32>(at));
    at += 4;
    to += 4;
  }
  dispatch(opcode, args);
  return at;
}

/** The address just after `calls` calls, run at step t. */
function body(at: usize, calls: i32, t: i32, steps: i32): usize {
  for (let i = 0; i < calls; i++) at = call(at, t, steps);
  return at;
}

/** The address just after `weights` weights, packed. */
function pack(at: usize, weights: i32): usize {
  for (let i = 0; i < weights; i++) {
    const along = load<i32>(at, 16) != 0;
    packWeight(load<usize>(at), load<i32>(at, 4), load<i32>(at, 8), load<i32>(at, 12), along, load<usize>(at, 20));
    at += 24;
  }
  return at;
}

/** Replays the Program at `program` over `steps` ≥ 1 steps. */
export function replay(program: usize, steps: i32): void {
  const blocks = load<i32>(program);
  let at = program + 4;
  for (let i = 0; i < blocks; i++) {
    const direction = load<i32>(at);
    const calls = load<i32>(at, 4);
    const start = at + 8;
    if (direction == 3) {
      at = pack(start, calls);
    } else if (direction == 0) {
      at = body(start, calls, steps, steps);
    } else if (direction == 1) {
      for (let t = 0; t < steps; t++) at = body(start, calls, t, steps);
    } else {
      for (let t = steps - 1; t >= 0; t--) at = body(start, calls, t, steps);
    }
  }
}
