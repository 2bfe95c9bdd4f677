/** Registers elements by their names. What is registered already stays; on a server there is nothing to register with. */
export function register(elements: Readonly<Record<string, CustomElementConstructor>>): void {
  if (!('customElements' in globalThis)) return;
  for (const [name, element] of Object.entries(elements)) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}
