/** Files to learn from, as the reader gave them: one by one, or folders whole. */
import type { CorpusFile } from '../core/corpus.js';

/** A file, and where it lies in what was dropped or chosen. */
export interface FoundFile {
  readonly file: File;
  readonly path: string;
}

/** A file, or a folder with all that is in it. */
export interface CorpusEntry {
  readonly name: string;
  readonly files: readonly FoundFile[];
  readonly weight: number;
}

/** Of a folder that was chosen, each file tells its path. */
export function foundFile(file: File): FoundFile {
  return { file, path: file.webkitRelativePath || file.name };
}

/** One entry for each file that stands alone, and for each folder. What begins with a dot is left out. */
export function entriesOf(found: readonly FoundFile[]): CorpusEntry[] {
  const entries = new Map<string, FoundFile[]>();
  for (const each of found) {
    const parts = each.path.split('/');
    if (parts.some((part) => part.startsWith('.'))) continue;
    const name = parts[0] ?? each.path;
    entries.set(name, [...(entries.get(name) ?? []), each]);
  }
  return [...entries].map(([name, files]) => ({ name, files, weight: 1 }));
}

export function sizeOf(entries: readonly CorpusEntry[]): number {
  return entries.reduce((sum, { files }) => files.reduce((bytes, { file }) => bytes + file.size, sum), 0);
}

/** Bytes of an epoch, as often as they are read. */
export function weightedSizeOf(entries: readonly CorpusEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.weight * sizeOf([entry]), 0);
}

export function corpusFiles(entries: readonly CorpusEntry[]): CorpusFile[] {
  return entries.flatMap(({ files, weight }) => files.map(({ file, path }) => ({ file, name: path, weight })));
}

/** A DataTransfer, as far as it is needed. */
interface Dropped {
  readonly items: Iterable<Pick<DataTransferItem, 'webkitGetAsEntry'>>;
  readonly files: Iterable<File>;
}

/** What was dropped, with all that is in folders. Must be called while the drop is handled: afterwards nothing can be read from it. */
export function droppedFiles({ items, files }: Dropped): FoundFile[] | Promise<FoundFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return [...files].map(foundFile);
  return walk(entries);
}

async function walk(entries: readonly FileSystemEntry[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isFolder(entry)) found.push(...(await walk(await contentOf(entry))));
    else if (isFile(entry)) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      found.push({ file, path: entry.fullPath.replace(/^\//, '') });
    }
  }
  return found;
}

/** A reader gives a part at a time, and nothing when it is through. */
async function contentOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all;
    all.push(...part);
  }
}

export function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

export function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
