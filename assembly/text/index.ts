/** The text module: one memory, imported. Who instantiates it gives out the memory; nothing here allocates. */
export { arenaStart } from '../arena-start';
export { encodeBytes } from './bytes';
export { chooseAlphabet, countCharacters, countUnknown, encodeCharacters, mapAlphabet } from './characters';
export { clean, survey } from './clean';
export { fillSegment } from './segments';
