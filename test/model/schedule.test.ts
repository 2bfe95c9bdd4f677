import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schedule } from '../../core/config.js';
import { scheduledRate } from '../../model/schedule.js';
import { longestSegment, segmentLengthAt } from '../../model/segments.js';

test('a constant schedule is constant', () => {
  assert.equal(scheduledRate({ kind: 'constant' }, 0.003, 0, 100), 0.003);
  assert.equal(scheduledRate({ kind: 'constant' }, 0.003, 99, 100), 0.003);
});

test('the cosine rises linearly, then falls to its floor', () => {
  const schedule = { kind: 'cosine', warmup: 10, floor: 0.1 } as const;
  const rate = (step: number) => scheduledRate(schedule, 2, step, 110);
  assert.equal(rate(0), 0.2);
  assert.equal(rate(9), 2);
  assert.equal(rate(10), 2);
  assert.ok(Math.abs(rate(60) - 2 * 0.55) < 1e-12, 'halfway between 1 and the floor');
  assert.ok(Math.abs(rate(110) - 0.2) < 1e-12);
  for (let step = 11; step < 110; step++) assert.ok(rate(step) < rate(step - 1));
});

test('step cuts multiply', () => {
  const schedule: Schedule = { kind: 'cuts', at: [0.5, 0.8], factor: 0.1 };
  const rate = (step: number) => scheduledRate(schedule, 1, step, 10);
  assert.deepEqual([rate(0), rate(4)], [1, 1]);
  assert.equal(rate(5), 0.1);
  assert.ok(Math.abs(rate(8) - 0.01) < 1e-15);
});

test('segments have one length, or lengths drawn around it', () => {
  const fixed = { segmentLength: 64, variableSegments: false, seed: 1 };
  assert.equal(segmentLengthAt(fixed, 3), 64);
  assert.equal(longestSegment(fixed), 64);

  const drawn = { ...fixed, segmentLength: 70, variableSegments: true };
  const lengths = Array.from({ length: 4000 }, (_, step) => segmentLengthAt(drawn, step));
  assert.ok(lengths.every((length) => Number.isInteger(length) && length >= 5 && length <= longestSegment(drawn)));
  const short = lengths.filter((length) => length < 52).length / lengths.length;
  assert.ok(short > 0.03 && short < 0.07, `about one in twenty is around the half, got ${short}`);
  const long = lengths.filter((length) => length >= 52);
  const mean = long.reduce((sum, length) => sum + length, 0) / long.length;
  const deviation = Math.sqrt(long.reduce((sum, length) => sum + (length - mean) ** 2, 0) / long.length);
  assert.ok(Math.abs(mean - 70) < 0.5, `mean ${mean}`);
  assert.ok(Math.abs(deviation - 5) < 0.4, `standard deviation ${deviation}`);
});

test('a segment length depends on seed and step alone', () => {
  const config = { segmentLength: 70, variableSegments: true, seed: 7 };
  assert.equal(segmentLengthAt(config, 123), segmentLengthAt({ ...config }, 123));
  const other = Array.from({ length: 50 }, (_, step) => segmentLengthAt({ ...config, seed: 8 }, step));
  assert.notDeepEqual(
    other,
    Array.from({ length: 50 }, (_, step) => segmentLengthAt(config, step)),
  );
});

test('a segment shorter than the shortest drawn one stays as it is', () => {
  assert.ok(segmentLengthAt({ segmentLength: 2, variableSegments: true, seed: 1 }, 0) >= 2);
});
