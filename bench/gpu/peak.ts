/** Fused multiply-adds a second in registers, with as many workgroups as are best. */
import { figure, type Figure } from '../figure.js';
import type { Allowance } from './allowance.js';
import type { GpuClock } from './clock.js';
import { bind, dispatch, makePipeline, readBack } from './compute.js';

const threads = 256;
const chains = 32;
const stepsOfRound = 8;
const [a, b] = [Math.fround(0.999), Math.fround(0.125)];
const workgroups = [32, 128, 512, 2048, 8192];
const sampleSeconds = 0.02;
const budget = 0.2; // s

export interface PeakFigure extends Figure {
  readonly workgroups: number;
}

export async function measurePeak(clock: GpuClock, allowance: Allowance): Promise<PeakFigure> {
  const { device } = clock;
  const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = GPUBufferUsage;
  const pipeline = await makePipeline(device, 'multiply-add.wgsl', 'multiplyAdds');
  const most = Math.max(...workgroups);
  const result = device.createBuffer({ size: most * threads * 16, usage: STORAGE | COPY_SRC });
  const work = device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST });
  const group = bind(device, pipeline, result, work);
  const setRounds = (rounds: number) => {
    const words = new ArrayBuffer(16);
    new Uint32Array(words)[0] = rounds;
    new Float32Array(words).set([a, b], 1);
    device.queue.writeBuffer(work, 0, words);
  };
  let best: PeakFigure | null = null;
  for (const count of workgroups) {
    const run = () => dispatch(device, pipeline, group, count);
    setRounds(16);
    run();
    check(new Float32Array(await readBack(device, result, 0, threads * 16)), 16);
    const rounds = Math.max(16, Math.ceil((16 * sampleSeconds) / (await clock.seconds(run))));
    setRounds(rounds);
    const operations = 2 * count * threads * chains * stepsOfRound * rounds;
    const samples = await allowance.sample(() => clock.seconds(run), budget);
    const measured = figure(
      'multiply-adds in registers',
      'FLOP/s',
      samples.map((seconds) => operations / seconds),
    );
    if (!best || measured.median > best.median) best = { ...measured, workgroups: count };
  }
  result.destroy();
  work.destroy();
  if (!best) throw new Error('No number of workgroups was tried.');
  return best;
}

/** Of the first workgroup, against the same in float64. */
function check(sums: Float32Array, rounds: number): void {
  for (const [index, got] of sums.entries()) {
    const start = (Math.floor(index / 4) % 64) + (index % 4);
    let expected = 0;
    for (let chain = 0; chain < 8; chain++) {
      let x = start + 4 * chain;
      for (let step = 0; step < rounds * stepsOfRound; step++) x = x * a + b;
      expected += x;
    }
    if (!(Math.abs(got / expected - 1) < 1e-5)) {
      throw new Error(`A chain of multiply-adds is wrong: sum ${index} is ${got}, not ${expected}.`);
    }
  }
}
