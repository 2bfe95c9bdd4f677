import { AdaptiveLM } from './adaptive-lm/adaptive-lm-api.js';

const text = document.querySelector('#text');
const size = document.querySelector('input');
const button = document.querySelector('button');
const status = document.querySelector('[role="status"]');
const output = document.querySelector('output');
const model = await AdaptiveLM.create();
button.disabled = false;

button.addEventListener('click', async () => {
  button.disabled = true;
  const tokenizer = { kind: 'bpe', vocabularySize: size.valueAsNumber };
  const { model: info } = await model.train(text.value, { size: 'small', tokenizer, epochs: 10 }).result;
  const tokens = await model.score(text.value);
  status.textContent =
    `${info.config.vocabularySize} tokens in all; the ${text.value.length} characters of the text ` +
    `are ${tokens.length} of them, where they would be ${text.value.length} letters:`;
  output.textContent = tokens.map((token) => token.text).join('·');
  button.disabled = false;
});
