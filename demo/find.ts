/** What a page is sure to have. */
export function find<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name];
export function find(selector: string): HTMLElement;
export function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
}
