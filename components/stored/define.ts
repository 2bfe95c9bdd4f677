/** Importing this registers `<adaptive-stored>`. A second import, or a second copy on the page, changes nothing. */
import { elements } from './index.js';

export * from './index.js';

for (const [name, element] of 'customElements' in globalThis ? Object.entries(elements) : []) {
  if (!customElements.get(name)) customElements.define(name, element);
}
