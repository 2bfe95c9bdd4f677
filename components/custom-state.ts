/** Makes `:state(…)` match. Browsers before 2024 lack it or want other names; they go without. */
export function reflectState<State extends string>(internals: ElementInternals, state: State, previous: State): void {
  try {
    internals.states.delete(previous);
    internals.states.add(state);
  } catch {
    // nothing depends on it
  }
}
