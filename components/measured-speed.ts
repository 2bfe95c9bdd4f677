/** How fast this device trains: floating-point operations a second, guessed until a run has been measured. */
let speed = 4e9;

/** Forward and backward take about six operations for each learned number and token. */
const operationsPerWeight = 6;

/** Learns it from a run, for the next estimate. */
export function noteSpeed(parameters: number, tokensPerSecond: number): void {
  const measured = parameters * tokensPerSecond * operationsPerWeight;
  if (Number.isFinite(measured) && measured > 0) speed = measured;
}

/** Seconds that `tokens` take with `parameters` learned numbers. */
export function secondsFor(parameters: number, tokens: number): number {
  return (tokens * parameters * operationsPerWeight) / speed;
}
