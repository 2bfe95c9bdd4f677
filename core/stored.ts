/** What is kept from one visit to the next, as it is told about. */

/** Where files are kept: 'memory' is no keeping at all. */
export type StorageKind = 'opfs' | 'indexeddb' | 'disk' | 'memory';
