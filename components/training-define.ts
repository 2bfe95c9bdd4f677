/** Importing this registers the training panel, which is fetched when it is about to be seen. */
import { register } from './register.js';
import { trainingParts } from './training-parts.js';

register(trainingParts);
