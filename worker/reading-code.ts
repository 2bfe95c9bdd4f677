/** Texts are read only where something is to be learned: most who write never fetch this. */
export function readingCode() {
  return import('./training-data.js');
}
