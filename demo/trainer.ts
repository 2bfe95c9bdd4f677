/** A trainer beside the model that it teaches, and what is kept of it. */
import '../components/define.js';
import '../components/stored/define.js';
import '../components/trainer/define.js';
import { find } from './find.js';
import { teachFromButtons } from './teach.js';

const model = find('adaptive-lm');
const stored = find('adaptive-stored');
teachFromButtons(model, find('adaptive-trainer'));
model.addEventListener('adaptive-saved', () => void stored.refresh());
