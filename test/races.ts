/** Every two of some operations, begun together, whichever comes first: pairs made by code, and what all of them must keep. */
import { assert } from '@open-wc/testing';

/** When the second one is begun. */
const moments = {
  'in the same task': () => null,
  'a microtask later': () => Promise.resolve(),
  'a task later': () => new Promise<void>((resolve) => setTimeout(resolve)),
} satisfies Readonly<Record<string, () => Promise<void> | null>>;

/** ms until an operation counts as one that never settles: many times what any takes on a busy machine. */
const patience = 200_000;

/** Races at the same time: enough to fill the waits, few enough for the machine. */
const abreast = 4;

/** What operations are begun on. */
export interface Contestant<Name extends string> {
  readonly operations: Readonly<Record<Name, () => Promise<unknown>>>;
  /** Asserts that it works, or that it has ended if that was asked. */
  readonly conclude: (begun: readonly Name[]) => Promise<void>;
}

/** Rejects when `work` never settles. */
async function bounded<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} never settles.`)), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Every ordered two of `names`, at every moment. */
function* racesOf<Name extends string>(names: readonly Name[]) {
  for (const [moment, pause] of Object.entries(moments)) {
    for (const first of names) {
      for (const second of names) yield { first, second, pause, name: `${first}, then ${second} ${moment}` };
    }
  }
}

/**
 * Runs all races, each on a contestant that `prepare` makes, and asserts that nothing is wrong: that each operation settles
 * with a result or an error that `isExpected`, that nobody was left out who should have been told, and what `conclude` says.
 */
export async function raceAll<Name extends string>(
  names: readonly Name[],
  prepare: () => Promise<Contestant<Name>>,
  isExpected: (error: unknown) => boolean,
): Promise<void> {
  const troubles: string[] = [];
  const unhandled = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    troubles.push(`unhandled: ${String(event.reason)}`);
  };
  addEventListener('unhandledrejection', unhandled);
  const races = racesOf(names);
  const run = async (): Promise<void> => {
    for (const { first, second, pause, name } of races) {
      try {
        const { operations, conclude } = await bounded(prepare(), `what is to be prepared for ${name}`);
        const told = (operation: Name): Promise<void> =>
          bounded(operations[operation](), operation).then(
            () => {},
            (error: unknown) => {
              if (!isExpected(error)) troubles.push(`${name}: ${operation}: ${String(error)}`);
            },
          );
        const one = told(first);
        const paused = pause();
        if (paused) await paused;
        await Promise.all([one, told(second)]);
        await bounded(conclude([first, second]), `what comes after ${name}`);
      } catch (thrown) {
        troubles.push(`${name}: ${String(thrown)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: abreast }, run));
  await new Promise((resolve) => setTimeout(resolve)); // for the last that may be unhandled
  removeEventListener('unhandledrejection', unhandled);
  assert.deepEqual(troubles, []);
}
