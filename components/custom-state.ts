import type { ModelState } from './events.js';

/** Makes `:state(…)` match. Browsers before 2024 lack it or want other names; they go without. */
export function reflectState(internals: ElementInternals, state: ModelState, previous: ModelState): void {
  try {
    internals.states.delete(previous);
    internals.states.add(state);
  } catch {
    // nothing depends on it
  }
}
