/** Where things happen in a page that has the element, and where a reader's text goes. */
import { arrow, box, figure, room, text } from './svg.js';

export function rooms() {
  return figure(
    'rooms',
    372,
    'The page talks to a worker by messages. The worker replays programs on WebAssembly, with threads, or on WebGPU, and keeps files in the private file system.',
    'The page draws; the worker reads, writes and learns. A model is written down once as a list of kernel calls, and either WebAssembly or the GPU replays it.',
    [
      room(2, 2, 356, 92, 'The page: its one thread for typing and scrolling'),
      box(16, 32, 156, 48, ['<adaptive-lm>', 'or your own interface']),
      box(188, 32, 156, 48, ['the client', 'a promise for each call']),
      arrow([
        [172, 56],
        [188, 56],
      ]),
      arrow([
        [230, 80],
        [230, 126],
      ]),
      arrow([
        [302, 126],
        [302, 80],
      ]),
      text(222, 112, 'calls', 'end small'),
      text(310, 112, 'text,', 'small start'),
      text(310, 124, 'progress', 'small start'),
      room(2, 128, 356, 150, 'A Web Worker'),
      box(16, 158, 328, 44, ['the runtime', 'tokens, training, sampling, checkpoints']),
      arrow([
        [90, 202],
        [90, 222],
      ]),
      arrow([
        [268, 202],
        [268, 222],
      ]),
      box(16, 224, 152, 42, ['WebAssembly', 'SIMD kernels']),
      box(192, 224, 152, 42, ['WebGPU', 'WGSL kernels']),
      arrow([
        [60, 266],
        [60, 316],
      ]),
      arrow([
        [268, 266],
        [268, 316],
      ]),
      box(2, 318, 112, 48, ['threads', 'where isolated']),
      box(124, 318, 112, 48, ['private files', 'with keep']),
      box(246, 318, 112, 48, ['the GPU', 'where faster']),
      arrow(
        [
          [180, 202],
          [180, 316],
        ],
        'dashed',
      ),
    ],
  );
}

export function textPath() {
  return figure(
    'text',
    334,
    'A reader’s text goes from a field to the worker and into the weights, and with keep into the browser’s private files. Files come from the site’s server; nothing goes back.',
    'Arrows are all the ways there are. Between the page and the network there is one, and it points to the page.',
    [
      room(2, 2, 356, 226, 'The reader’s device'),
      box(16, 32, 130, 44, ['a field, a file', 'the reader’s words']),
      arrow([
        [146, 54],
        [194, 54],
      ]),
      box(196, 32, 148, 44, ['the worker', 'text becomes tokens']),
      arrow([
        [270, 76],
        [270, 106],
      ]),
      box(196, 108, 148, 44, ['the weights', 'numbers, in memory']),
      arrow(
        [
          [270, 152],
          [270, 180],
        ],
        'dashed',
      ),
      text(262, 171, 'only with keep', 'end small'),
      box(196, 182, 148, 36, ['private files of the site']),
      arrow([
        [196, 130],
        [148, 130],
      ]),
      box(16, 108, 130, 44, ['what it writes', 'back in the page']),
      box(86, 280, 188, 46, ['the site’s own server', 'scripts, kernels, a model']),
      arrow([
        [150, 280],
        [150, 228],
      ]),
      text(160, 258, 'files come in; nothing goes out', 'start small'),
    ],
  );
}
