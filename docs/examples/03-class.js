import { AdaptiveLM } from './adaptive-lm/adaptive-lm-api.js';

const input = document.querySelector('input');
const button = document.querySelector('button');
const progress = document.querySelector('progress');
const output = document.querySelector('output');

const model = await AdaptiveLM.create({
  src: 'shakespeare.safetensors',
  temperature: 0.7,
  monitor: (monitor) => monitor.addEventListener('downloadprogress', ({ loaded }) => (progress.value = loaded)),
});
progress.hidden = true;
button.disabled = false;

button.addEventListener('click', async () => {
  button.disabled = true;
  output.textContent += input.value + (await model.prompt(input.value, { maxTokens: 200 }));
  button.disabled = false;
});
