/** `npm run kill-test [-- --rounds N]`: kills a browser N times in the midst of training, and sees that it goes on each time. */
import { parseArgs } from 'node:util';
import { complaint, killOverAndOver } from './killed.js';
import { start, stop } from './served.js';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' } } });
const flags = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];

const parts = Array.from({ length: Number(values.rounds) }, () => Math.random());
const served = await start();
try {
  const kills = await killOverAndOver(served.url, flags, parts, (kill, i) => {
    const { resumedAt, savedAt, reached } = kill;
    const verdict = complaint(kill) || 'went on';
    console.log(`${i}: reached ${reached}, told of ${savedAt}, came back at ${resumedAt ?? 'nothing'}: ${verdict}`);
  });
  const bad = kills.filter((kill) => complaint(kill) !== '');
  console.log(`${kills.length} kills, ${kills.length - bad.length} went on, ${bad.length} did not`);
  process.exitCode = bad.length > 0 ? 1 : 0;
} finally {
  await stop(served);
}
