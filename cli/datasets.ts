/** Texts that others publish, pinned: where each lies, and the SHA-256 of what must come. None of them is shipped. */

export interface Dataset {
  readonly about: string;
  readonly file: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const datasets = {
  tinyshakespeare: {
    about: '1.1 MB of Shakespeare’s plays (Karpathy, char-rnn)',
    file: 'tinyshakespeare.txt',
    url: 'https://raw.githubusercontent.com/karpathy/char-rnn/d1d7aa34fdb3626174bce1d753e6cc6845ce7087/data/tinyshakespeare/input.txt',
    bytes: 1_115_394,
    sha256: '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
  },
} as const satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof datasets;

export const datasetNames = Object.keys(datasets).filter((name): name is DatasetName => name in datasets);
