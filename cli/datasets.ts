/** Data that others publish, pinned: where each file lies, and the SHA-256 of what must come. None of it is shipped. */

export interface Dataset {
  readonly about: string;
  readonly files: readonly DatasetFile[];
}

export interface DatasetFile {
  /** Its path in the folder of data. */
  readonly file: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

function mnist(name: string, bytes: number, sha256: string): DatasetFile {
  return { file: `mnist/${name}`, url: `https://storage.googleapis.com/cvdf-datasets/mnist/${name}`, bytes, sha256 };
}

export const datasets = {
  tinyshakespeare: {
    about: '1.1 MB of Shakespeare’s plays (Karpathy, char-rnn)',
    files: [
      {
        file: 'tinyshakespeare.txt',
        url: 'https://raw.githubusercontent.com/karpathy/char-rnn/d1d7aa34fdb3626174bce1d753e6cc6845ce7087/data/tinyshakespeare/input.txt',
        bytes: 1_115_394,
        sha256: '86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed',
      },
    ],
  },
  mnist: {
    about: '11.6 MB of handwritten digits (LeCun, Cortes & Burges), for npm run lab',
    files: [
      mnist(
        'train-images-idx3-ubyte.gz',
        9_912_422,
        '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      ),
      mnist('train-labels-idx1-ubyte.gz', 28_881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'),
      mnist('t10k-images-idx3-ubyte.gz', 1_648_877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'),
      mnist('t10k-labels-idx1-ubyte.gz', 4_542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'),
    ],
  },
} as const satisfies Record<string, Dataset>;

export type DatasetName = keyof typeof datasets;

export const datasetNames = Object.keys(datasets).filter((name): name is DatasetName => name in datasets);
