/**
 * Products of one row, as in writing, divided among threads. Such a product reads each weight once, so its time is that of
 * the bytes, and several cores read more of them at once. The thread that replays the Program writes down what is to be
 * done, takes parts of it itself, and waits until all parts are done; helpers take parts as long as there are any. Each
 * element is summed by one thread as it would be by any other: the numbers do not depend on who came.
 *
 * The crew's block in the shared memory, a cache line for what each writes:
 *
 *   0     claim: number of the job << 21 | its parts << 14 | parts taken from the end << 7 | from the start
 *   64    helped: parts that helpers have done since the crew was called
 *   128   asleep: helpers that wait for a notice
 *   192   the job (RowJob)
 *
 * A part is taken by exchanging the claim, which fails when another was quicker and when the job has ended meanwhile; the
 * job itself is read after that, and cannot end before the part is reported. So a helper that was held up does no harm.
 * Helpers begin at the end: as the same product comes again for each token, its weights stay in the caches where they are.
 */
const helpedAt: usize = 64;
const asleepAt: usize = 128;
const jobAt: usize = 192;

/** Fewer bytes of weights than this are read in less time than it takes to divide them. */
const leastBytes: i32 = 131_072;
/** Of one part. A part has whole tiles of four rows, and there are at most `mostParts`. */
const partBytes: i32 = 65_536;
const mostParts: i32 = 64;

/** Looks before a helper goes to sleep, some tenths of a millisecond: one token follows another sooner. */
const looks: i32 = 100_000;
/** Looks for the last parts before the helper that took one must be dead: some seconds, as a core may be lent away. */
const patience: i64 = 5_000_000_000;

/** Rows `first` … first + count − 1 of a job. */
type Part = (job: RowJob, first: i32, count: i32) => void;

/** y [N] = scales ⊙ (weight · x) + bias, of which a kernel reads the fields that it has. */
@unmanaged
export class RowJob {
  /** Index of the kernel's function, the same in every instance of the module. */
  part: u32;
  rowsOfPart: i32;
  n: i32;
  k: i32;
  x: usize;
  weight: usize;
  /** Leading dimension of weight, or bytes from one tile of it to the next. */
  next: usize;
  scales: usize;
  step: f32;
  bias: usize;
  y: usize;
  accumulate: bool;
}

let crew: usize = 0;

export function crewBytes(): usize {
  return jobAt + offsetof<RowJob>();
}

/** From now on products are divided. 0: no longer. */
export function setCrew(block: usize): void {
  crew = block;
}

/** The job of a product, when dividing that many bytes of weights pays, else null. scales and step are still to be set. */
@inline
export function jobFor(
  bytes: i32, n: i32, k: i32, x: usize, weight: usize, next: usize, bias: usize, y: usize, accumulate: bool,
): RowJob | null {
  if (!ASC_FEATURE_THREADS) return null;
  if (!crew || bytes < leastBytes) return null;
  const job = changetype<RowJob>(crew + jobAt);
  job.n = n;
  job.k = k;
  job.x = x;
  job.weight = weight;
  job.next = next;
  job.bias = bias;
  job.y = y;
  job.accumulate = accumulate;
  return job;
}

/** Does a job: `bytes` of weights. */
export function doTogether(job: RowJob, part: Part, bytes: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  const most = min(mostParts, bytes / partBytes);
  const rows = ((job.n + most - 1) / most + 3) & ~3;
  const parts = (job.n + rows - 1) / rows;
  job.part = part.index;
  job.rowsOfPart = rows;
  const helped = atomic.load<i32>(crew, helpedAt);
  // Everything before this store is seen by whoever sees the store.
  atomic.store<i32>(crew, (((atomic.load<i32>(crew) >>> 21) + 1) << 21) | (parts << 14));
  if (atomic.load<i32>(crew, asleepAt) > 0) atomic.notify(crew, -1);
  const others = parts - takeParts(false);
  for (let look: i64 = 0; atomic.load<i32>(crew, helpedAt) - helped < others; look++) {
    if (look == patience) unreachable();
  }
}

@inline
function fromStart(claim: i32): i32 {
  return claim & 127;
}

@inline
function fromEnd(claim: i32): i32 {
  return (claim >> 7) & 127;
}

@inline
function partsOf(claim: i32): i32 {
  return (claim >> 14) & 127;
}

@inline
function isOpen(claim: i32): bool {
  return fromStart(claim) + fromEnd(claim) < partsOf(claim);
}

/** Does parts of a job until none are left, and says how many. */
function takeParts(helping: bool): i32 {
  const job = changetype<RowJob>(crew + jobAt);
  let done = 0;
  for (let claim = atomic.load<i32>(crew); isOpen(claim); claim = atomic.load<i32>(crew)) {
    if (atomic.cmpxchg<i32>(crew, claim, claim + (helping ? 1 << 7 : 1)) != claim) continue;
    const part = helping ? partsOf(claim) - 1 - fromEnd(claim) : fromStart(claim);
    const first = part * job.rowsOfPart;
    call_indirect<void>(job.part, job, first, min(job.rowsOfPart, job.n - first));
    done++;
  }
  return done;
}

/** What a helper does, until it is terminated. */
export function help(block: usize): void {
  if (!ASC_FEATURE_THREADS) return;
  crew = block;
  for (;;) {
    waitForJob();
    const done = takeParts(true);
    if (done > 0) atomic.add<i32>(crew, done, helpedAt);
  }
}

function waitForJob(): void {
  for (;;) {
    let claim = 0;
    for (let look = 0; look < looks; look++) {
      claim = atomic.load<i32>(crew);
      if (isOpen(claim)) return;
    }
    // Whoever opens a job looks for sleepers after it; a claim that has changed since is not slept on.
    atomic.add<i32>(crew, 1, asleepAt);
    atomic.wait<i32>(crew, claim, -1);
    atomic.sub<i32>(crew, 1, asleepAt);
  }
}
