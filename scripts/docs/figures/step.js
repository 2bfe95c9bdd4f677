/** One step of the adaptive LSTM, as a drawing. */
import { arrow, box, figure, text } from './svg.js';

export function step() {
  return figure(
    'step',
    372,
    'A letter goes to a small network, which makes scales, and to a large network, whose weights the scales multiply; from it comes the next letter.',
    'One letter, one step. The small network reads first; what it makes of the text so far multiplies the rows and the columns of the large network’s matrices.',
    [
      box(110, 6, 140, 40, ['a letter', 'x, as 96 numbers']),
      arrow([
        [150, 46],
        [82, 84],
      ]),
      arrow([
        [210, 46],
        [268, 84],
      ]),
      box(6, 86, 152, 58, ['the latent', 'an LSTM of 40 units,', 'with a memory of its own'], 'small-network'),
      arrow([
        [82, 144],
        [82, 176],
      ]),
      box(6, 178, 152, 44, ['the policy', 'd = tanh(U z)'], 'small-network'),
      box(190, 86, 164, 136, [], 'large-network'),
      text(272, 112, 'the LSTM', 'middle name'),
      text(272, 130, 'hundreds of units', 'middle small'),
      text(272, 160, 'd × W × d', 'middle formula-text'),
      text(272, 180, 'rows and columns', 'middle small'),
      text(272, 194, 'rescaled at this step', 'middle small'),
      arrow(
        [
          [158, 200],
          [190, 170],
        ],
        'strong',
      ),
      text(174, 236, 'thousands of scales', 'middle small'),
      arrow([
        [272, 222],
        [272, 262],
      ]),
      box(190, 264, 164, 40, ['the state h, c', 'kept for the next step']),
      arrow([
        [272, 304],
        [272, 328],
      ]),
      box(190, 330, 164, 38, ['probabilities', 'of every next letter']),
      arrow(
        [
          [190, 284],
          [82, 284],
          [82, 262],
          [82, 226],
        ],
        'dashed',
      ),
      text(6, 300, 'read again at the next letter', 'small start'),
    ],
  );
}
