/** The page's side of scripts/main-thread.js. */
import { executeServerCommand } from '@web/test-runner-commands';

const command = 'trace-main-thread';

/** ms of the processor that each task of this page's main thread took while `work` was done. */
export async function tasksDuring(work: () => Promise<void>): Promise<readonly number[]> {
  await executeServerCommand<true, object>(command, {});
  const end = `the end of ${crypto.randomUUID()}`;
  try {
    await work();
  } finally {
    performance.mark(end);
  }
  return executeServerCommand<readonly number[], object>(command, { end });
}
