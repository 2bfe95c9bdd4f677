/** What a file that is no model probably is, from its first bytes, so that the message can name it. */

export interface FileKind {
  /** With its article, as "a PNG image". */
  readonly name: string;
  /** What to do about it, if there is something better than choosing another file. */
  readonly advice: string;
}

const convert = 'Convert it to safetensors first; pickles are not opened, since they can run code.';
const text = 'Choose a model file; to train on a text, give it as a training text instead.';

/** Name, signature (one character a byte), advice. */
const signatures: readonly (readonly [name: string, signature: string, advice?: string])[] = [
  ['a PNG image', '\x89PNG\r\n'],
  ['a JPEG image', '\xff\xd8\xff'],
  ['a GIF image', 'GIF8'],
  ['a PDF document', '%PDF'],
  ['a RIFF file (a sound, a film or a WebP image)', 'RIFF'],
  ['a gzip archive', '\x1f\x8b', 'Unpack it first.'],
  ['a Zstandard archive', '\x28\xb5\x2f\xfd', 'Unpack it first.'],
  ['a bzip2 archive', 'BZh', 'Unpack it first.'],
  ['an xz archive', '\xfd7zXZ\0', 'Unpack it first.'],
  ['a 7-Zip archive', '7z\xbc\xaf\x27\x1c', 'Unpack it first.'],
  ['a RAR archive', 'Rar!\x1a\x07', 'Unpack it first.'],
  ['a GGUF model (of llama.cpp)', 'GGUF'],
  ['a GGML model (of an old llama.cpp)', 'lmgg'],
  ['a GGML model (of an old llama.cpp)', 'tjgg'],
  ['an HDF5 file (perhaps a Keras model)', '\x89HDF\r\n', 'Convert it to safetensors first.'],
  ['a NumPy array (.npy)', '\x93NUMPY', 'Convert it to safetensors first.'],
  ['a Python pickle (perhaps an old PyTorch checkpoint)', '\x80\x02', convert],
  ['a Python pickle', '\x80\x03', convert],
  ['a Python pickle', '\x80\x04', convert],
  ['a Python pickle', '\x80\x05', convert],
  ['a WebAssembly module', '\0asm'],
  ['an SQLite database', 'SQLite format 3\0'],
  ['a program (ELF)', '\x7fELF'],
  ['a Git LFS pointer, which stands for a file that was not fetched', 'version https://git-lfs', 'Run `git lfs pull`.'],
];

/** The kind of file that starts with `bytes`, or null if it is none of the common ones. */
export function recognise(bytes: Uint8Array): FileKind | null {
  return recogniseBinary(bytes) ?? textKind(bytes.subarray(0, 1024));
}

/** The same, of files that are not text. */
export function recogniseBinary(bytes: Uint8Array): FileKind | null {
  const head = String.fromCharCode(...bytes.subarray(0, 1024));
  if (head.startsWith('PK\x03\x04')) return zipKind(head);
  if (head.slice(4, 8) === 'TFL3') return { name: 'a TensorFlow Lite model', advice: '' };
  for (const [name, signature, advice = ''] of signatures) {
    if (head.startsWith(signature)) return { name, advice };
  }
  return null;
}

/** The name of the first entry comes soon after a ZIP's signature. */
function zipKind(head: string): FileKind {
  if (/data\.pkl|\/version|\.format_version/.test(head)) {
    return { name: 'a PyTorch checkpoint', advice: convert };
  }
  if (head.includes('.npy')) return { name: 'a NumPy archive (.npz)', advice: 'Convert it to safetensors first.' };
  return { name: 'a ZIP archive', advice: 'Unpack it first.' };
}

function textKind(bytes: Uint8Array): FileKind | null {
  // `stream` leaves out a character that the cut at 1024 bytes broke.
  const head = decodeUtf8(bytes)?.trimStart();
  // Text has none of the other control characters.
  if (!head || [...head].some((character) => character < ' ' && !'\t\n\v\f\r\x1b'.includes(character))) return null;
  if (head.startsWith('<')) {
    return {
      name: 'a web page or XML',
      advice: 'If it was downloaded, the server sent an error page: check the address.',
    };
  }
  if (head.startsWith('{') || head.startsWith('[')) {
    return { name: 'JSON text', advice: 'Choose the .safetensors file that belongs to it.' };
  }
  return { name: 'text', advice: text };
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}
