/** The text module: one memory, imported. Who instantiates it gives out the memory; nothing here allocates. */
export { arenaStart } from '../arena-start';
export { encodePieces } from './bpe-encode';
export { beginLearning, learnMerges } from './bpe-learn';
export { mapPairs } from './bpe-tables';
export { encodeBytes } from './bytes';
export { chooseAlphabet, countCharacters, countUnknown, encodeCharacters, mapAlphabet } from './characters';
export { clean, survey } from './clean';
export { hashEnd, hashStart, hashUpdate } from './hash';
export { dropRepeats, growTable, wholeParagraphs } from './repeats';
export { growPairs } from './pair-counts';
export { pieceEnd, safeCut, wholeCharacters } from './pieces';
export { countPieces, countWords } from './word-counts';
export { copyWords } from './word-table';
export { encodeWords, mapWords } from './words';
