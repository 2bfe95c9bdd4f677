/** Importing this registers `<adaptive-complete>`. A second import, or a second copy on the page, changes nothing. */
import { elements } from './index.js';
import { register } from '../register.js';

export * from './index.js';

register(elements);
