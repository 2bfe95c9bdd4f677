/** `--checkpoint DIR`: a run that is kept in a folder, with a file that says which process writes it. */
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AdaptiveError } from '../core/errors.js';
import type { Locks } from '../worker/storage/locks.js';
import { ModelStore } from '../worker/storage/model-store.js';
import { DiskFolder } from './disk-folder.js';

/** The name that the run has in its folder. */
export const runName = 'run';

/** @throws AdaptiveError 'disk' */
export async function checkpointStore(path: string): Promise<ModelStore> {
  const models = await DiskFolder.create(path);
  return new ModelStore(models, await DiskFolder.create(join(path, 'corpora')), processLocks(path));
}

/** An interrupted run that would be written over is not: it may be days of work. @throws AdaptiveError 'invalid-option' */
export async function refuseToReplace(store: ModelStore, path: string): Promise<void> {
  const stored = await store.find(runName);
  if (!stored?.run) return;
  throw new AdaptiveError(
    'invalid-option',
    `${path} has a run that stopped at step ${stored.run.step} of ${stored.run.totalSteps}. Give --resume to go on with it, ` +
      'or another folder.',
  );
}

/** A file NAME.lock with the number of the process; that of one which is gone counts for nothing. */
function processLocks(path: string): Locks {
  const fileOf = (name: string) => join(path, `${name}.lock`);
  const isHeld = async (name: string): Promise<boolean> => {
    const holder = Number(await readFile(fileOf(name), 'utf8').catch(() => ''));
    return holder > 0 && isAlive(holder);
  };
  return {
    isHeld,
    take: async (name) => {
      if (await isHeld(name)) return null;
      await rm(fileOf(name), { force: true });
      try {
        const file = await open(fileOf(name), 'wx');
        await file.writeFile(String(process.pid));
        await file.close();
      } catch {
        return null; // another one was faster
      }
      return () => void rm(fileOf(name), { force: true }).catch(() => {});
    },
  };
}

function isAlive(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
