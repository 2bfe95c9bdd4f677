/** Importing this registers `<activation-lab>`. A second import, or a second copy on the page, changes nothing. */
import { elements } from './index.js';

export * from './index.js';

// On a server there is nothing to register with.
for (const [name, element] of 'customElements' in globalThis ? Object.entries(elements) : []) {
  if (!customElements.get(name)) customElements.define(name, element);
}
