/** The text module: one memory, imported. Who instantiates it gives out the memory; nothing here allocates. */
export { arenaStart } from '../arena-start';
export { encodeBytes } from './bytes';
export { chooseAlphabet, countCharacters, countUnknown, encodeCharacters, mapAlphabet } from './characters';
export { clean, survey, wholeCharacters } from './clean';
export { hashEnd, hashStart, hashUpdate } from './hash';
export { dropRepeats, growTable, wholeParagraphs } from './repeats';
