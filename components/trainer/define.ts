/** Importing this registers `<adaptive-trainer>`. A second import, or a second copy on the page, changes nothing. */
import { register } from '../register.js';
import { elements } from './index.js';

export * from './index.js';

register(elements);
