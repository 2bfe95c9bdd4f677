import type { AdaptiveError } from '../../core/errors.js';

/** What `<adaptive-stored>` says, in English. */
export const storedStrings = {
  title: 'Kept on this device',
  waiting: 'Looking what is kept …',
  nothing: 'Nothing is kept here.',
  where: {
    opfs: 'In this browser’s private storage for this site. Nobody else can read it.',
    indexeddb: 'In this browser’s database for this site. Nobody else can read it.',
    disk: 'In files on this device.',
    memory:
      'This browser keeps nothing for this site, as in a private window: all is gone with the page. Save models as files.',
  },
  safe: 'The browser has agreed to keep it until you delete it.',
  unsafe: 'The browser may delete it when the device runs out of room.',
  persist: 'Ask the browser to keep it',
  refused: 'The browser did not agree. It may once you have used this site more often, or bookmarked it.',
  interrupted: (step: string, total: string) => `training stopped at step ${step} of ${total}`,
  inUse: 'in use in another tab',
  savedAt: (date: string) => `saved ${date}`,
  unreadable: 'cannot be read',
  remove: 'Delete',
  removeNamed: (name: string) => `Delete “${name}”`,
  sure: 'Delete for good',
  keepIt: 'Keep it',
  removed: (name: string) => `“${name}” was deleted.`,
  total: (bytes: string) => `${bytes} in all`,
  refresh: 'Look again',
  /** An error from the worker, whose messages are in English. */
  describe: (error: AdaptiveError) => error.message,
};
