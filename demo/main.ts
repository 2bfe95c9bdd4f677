/** The page around the element: sample texts to train on, and the snippet to copy. */
import '../components/define.js';
import { find } from './find.js';
import { teachFromButtons } from './teach.js';

const model = find('adaptive-lm');
teachFromButtons(model, model);

const copyButton = find('#copy');
copyButton.addEventListener('click', () => {
  const snippet = find('#snippet');
  navigator.clipboard.writeText(snippet.textContent).then(
    () => (copyButton.textContent = 'Copied'),
    () => getSelection()?.selectAllChildren(snippet),
  );
});
