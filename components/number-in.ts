/** What a number field holds; null when it is empty. */
export function numberIn({ currentTarget }: Event): number | null {
  if (!(currentTarget instanceof HTMLInputElement) || currentTarget.value === '') return null;
  return currentTarget.valueAsNumber;
}
