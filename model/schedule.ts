/** Learning rate over the run. */
import type { Schedule } from '../core/config.js';

/** The rate of step `step` (0-based) of `totalSteps`. */
export function scheduledRate(schedule: Schedule, rate: number, step: number, totalSteps: number): number {
  switch (schedule.kind) {
    case 'constant':
      return rate;
    case 'cosine':
      return rate * warmupCosine(schedule.warmup, schedule.floor, step, totalSteps);
    case 'cuts': {
      const cuts = schedule.at.filter((fraction) => step >= fraction * totalSteps).length;
      return rate * schedule.factor ** cuts;
    }
  }
}

/** Rises linearly over `warmup` steps, then falls along half a cosine to `floor`. */
function warmupCosine(warmup: number, floor: number, step: number, totalSteps: number): number {
  if (step < warmup) return (step + 1) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, totalSteps - warmup));
  return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
}
