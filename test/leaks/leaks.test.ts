/** Whatever comes and goes in a page leaves no worker, no thread, no node, no listener, no memory. `npm run leak-test` does it a hundred times. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LeakMeter } from './measure.js';
import { visitNames } from './visits.js';

/** Bytes: a fraction of what one element holds. Code that gets warm takes some at first. */
const heapLimit = 16_000;

describe('what comes and goes in a page', { timeout: 1_200_000 }, () => {
  let meter: LeakMeter;
  before(async () => {
    meter = await LeakMeter.open();
  });
  after(() => meter.close());

  for (const visit of visitNames) {
    test(`leaves nothing: ${visit}`, async () => {
      const { leaked, heapPerVisit } = await meter.measure(visit, { warmUp: 4, times: 8, abreast: 4 }, heapLimit);
      assert.deepEqual(leaked, {});
      assert.ok(heapPerVisit < heapLimit, `${heapPerVisit} bytes stay of each visit`);
    });
  }
});
