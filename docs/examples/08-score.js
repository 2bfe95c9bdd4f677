import { AdaptiveLM } from './adaptive-lm/adaptive-lm-api.js';

const text = document.querySelector('#text');
const button = document.querySelector('button');
const status = document.querySelector('[role="status"]');
const output = document.querySelector('output');
const model = await AdaptiveLM.create({ src: 'shakespeare.safetensors' });
button.disabled = false;

button.addEventListener('click', async () => {
  const tokens = await model.score(text.value);
  output.replaceChildren(...tokens.map(marked));

  const { loss, charactersPerToken } = await model.evaluate(text.value);
  const bits = loss / Math.LN2 / charactersPerToken;
  status.textContent = `${bits.toFixed(2)} bits per character.`;
});

/** A token, underlined the more heavily the less the model expected it. */
function marked({ text: token, logProbability }) {
  const bits = -logProbability / Math.LN2;
  const mark = document.createElement('span');
  mark.textContent = token;
  mark.title = `${bits.toFixed(1)} bits`;
  mark.style.textDecoration = `underline ${Math.min(bits / 2, 6)}px`;
  return mark;
}
