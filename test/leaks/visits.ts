/** What the page of the leak test can do; page.ts says what each is. */
export const visitNames = [
  'trained',
  'torn',
  'writing',
  'haunted',
  'complete',
  'stored',
  'class',
  'trainer alone',
  'trainer',
] as const;

/** Workers that stay after a visit: that of the one who was visited. */
export function standingWorkers(visit: Visit): number {
  return visit === 'trainer' ? 1 : 0;
}

export type Visit = (typeof visitNames)[number];
