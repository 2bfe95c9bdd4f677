/** Importing this registers `<adaptive-lm>`. A second import, or a second copy on the page, changes nothing. */
import { elements } from './index.js';

export * from './index.js';

// On a server there is nothing to register with.
const registry: CustomElementRegistry | undefined = globalThis.customElements;
for (const [name, element] of Object.entries(elements)) {
  if (registry && !registry.get(name)) registry.define(name, element);
}
