/** The page around the element: sample texts to train on, what is kept, and the snippet to copy. */
import '../components/define.js';
import '../components/stored/define.js';
import { find } from './find.js';
import { teachFromButtons } from './teach.js';

const model = find('adaptive-lm');
teachFromButtons(model, model);

const stored = find('adaptive-stored');
const keptSection = find('#kept');
const hint = model.querySelector('[slot="empty"]');
const ofShakespeare = hint?.textContent ?? '';

/** What is kept is shown once there is something. */
async function showKept(): Promise<void> {
  await stored.refresh();
  if (stored.models?.some(({ name }) => name === model.keep)) keptSection.hidden = false;
}

model.addEventListener('adaptive-saved', () => void showKept());
void showKept();

// The model that ships has a title; one that the reader taught has none, and its own words to begin with.
model.addEventListener('adaptive-model', (event) => {
  const taught = event.model.title === '';
  if (model.state === 'training') return;
  if (hint) {
    hint.textContent = taught
      ? 'This model has learned from your text, and was kept since then. Press Write.'
      : ofShakespeare;
  }
  if (!taught) return;
  if (model.prompt === model.getAttribute('prompt')) model.prompt = '';
});

find('#back').addEventListener('click', () => {
  void (async () => {
    await stored.removeModel(model.keep ?? '');
    await model.load(model.src ?? '');
    model.prompt = model.getAttribute('prompt') ?? '';
    await showKept();
    keptSection.hidden = true;
    model.scrollIntoView({ block: 'start' });
  })().catch(() => {}); // shown by the elements
});

const copyButton = find('#copy');
copyButton.addEventListener('click', () => {
  const snippet = find('#snippet');
  navigator.clipboard.writeText(snippet.textContent).then(
    () => (copyButton.textContent = 'Copied'),
    () => getSelection()?.selectAllChildren(snippet),
  );
});
