/** One writer for each name, across tabs. Readers need no lock. */

export interface Locks {
  /** Takes the name, or resolves with null when somebody has it. What resolves gives it back; twice is harmless. */
  take(name: string): Promise<(() => void) | null>;
  isHeld(name: string): Promise<boolean>;
}

/**
 * By the Web Locks API. A tab that dies gives its locks back. Browsers before 2022 have none, and a page without an origin of
 * its own, which is one in a sandbox, has no right to them: there nobody is refused.
 */
export function browserLocks(prefix = 'adaptive-lm/'): Locks {
  // Missing in old browsers, and where the page is not secure.
  const locks = 'locks' in navigator ? navigator.locks : null;
  return {
    take: (name) =>
      new Promise((resolve, reject) => {
        if (!locks) {
          resolve(() => {});
          return;
        }
        const hold = (lock: Lock | null): Promise<void> | void => {
          if (lock) return new Promise<void>((release) => resolve(() => release()));
          resolve(null);
        };
        locks.request(prefix + name, { ifAvailable: true }, hold).catch((thrown: unknown) => {
          if (isForbidden(thrown)) resolve(() => {});
          else reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        });
      }),
    isHeld: async (name) => {
      const { held = [] } = (await locks?.query().catch(nothingIfForbidden)) ?? {};
      return held.some((lock) => lock.name === prefix + name);
    },
  };
}

function isForbidden(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'SecurityError';
}

function nothingIfForbidden(thrown: unknown): LockManagerSnapshot {
  if (isForbidden(thrown)) return {};
  throw thrown;
}
