/** What the page of the leak test can do; page.ts says what each is. */
export const visitNames = ['trained', 'torn', 'writing', 'haunted', 'complete', 'stored', 'class'] as const;

export type Visit = (typeof visitNames)[number];
