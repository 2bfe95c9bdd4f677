/** The figures of the documentation, by the names that its pages call them. */
import { adaptationFigures } from './adaptation.js';
import { rooms, textPath } from './rooms.js';
import { step } from './step.js';

export async function drawFigures() {
  return {
    ...(await adaptationFigures()),
    'alstm-step': step(),
    'rooms-of-a-page': rooms(),
    'where-text-goes': textPath(),
  };
}
