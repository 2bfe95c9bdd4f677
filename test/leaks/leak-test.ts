/** `npm run leak-test [-- --rounds N]`: everything that comes and goes in a page, a hundred times each. */
import { parseArgs } from 'node:util';
import { LeakMeter } from './measure.js';
import { visitNames } from './visits.js';

/** Bytes of the heap for each visit: what the browser itself notes of each. One element holds some tens of thousands. */
const heapLimit = 4_000;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '100' } } });
const meter = await LeakMeter.open();
try {
  for (const visit of visitNames) {
    const growth = await meter.measure(visit, { warmUp: 10, times: Number(values.rounds), abreast: 2 }, heapLimit);
    const { leaked, heapPerVisit, times, seconds } = growth;
    const kept = Object.entries(leaked).map(([name, perVisit]) => `${name} ${perVisit.toFixed(2)} at each`);
    if (!(heapPerVisit < heapLimit)) kept.push('the heap grows');
    if (kept.length > 0) process.exitCode = 1;
    const verdict = kept.length > 0 ? `LEAKS: ${kept.join(', ')}` : 'leaves nothing';
    const heap = `${heapPerVisit >= 0 ? '+' : ''}${Math.round(heapPerVisit)} bytes of heap at each`;
    console.log(`${visit}: ${times} times in ${seconds.toFixed(0)} s, ${heap}: ${verdict}`);
  }
} finally {
  await meter.close();
}
