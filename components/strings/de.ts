/** Importing this has the elements speak German where the page does: where the nearest `lang` is `de`, or a kind of it. */
import { complete, saving, stored } from './german/rest.js';
import { model } from './german/model.js';
import { training } from './german/training.js';
import { writer } from './german/writer.js';
import { setStrings } from './registry.js';
import type { AdaptiveStrings } from './words.js';

/** Every word in German. */
export const german: AdaptiveStrings = { model, writer, training, saving, stored, complete };

setStrings('de', german);
