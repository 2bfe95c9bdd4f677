import { AdaptiveLM } from './adaptive-lm/adaptive-lm-api.js';

const link = document.querySelector('#file');
const status = document.querySelector('[role="status"]');
const output = document.querySelector('output');
const model = await AdaptiveLM.create({ src: 'shakespeare.safetensors' });
document.querySelector('fieldset').disabled = false;

for (const button of document.querySelectorAll('[data-format]')) {
  button.addEventListener('click', async () => {
    const { format } = button.dataset;
    const file = await model.export(format);
    link.href = URL.createObjectURL(file);
    link.download = format === 'onnx' ? 'model.onnx' : 'model-pytorch.safetensors';
    link.textContent = `${link.download}, ${(file.size / 1e6).toFixed(1)} MB`;
    link.hidden = false;
  });
}

document.querySelector('#open').addEventListener('click', async () => {
  try {
    const [file] = document.querySelector('#model').files;
    const [tokenizer] = document.querySelector('#vocabulary').files;
    const { config, parameters } = await model.import(file, { tokenizer });
    status.textContent = `${config.cell.toUpperCase()}, ${parameters.toLocaleString()} parameters. It writes:`;
    output.textContent = await model.prompt('', { maxTokens: 100 });
  } catch (error) {
    status.textContent = `${error.name}: ${error.message}`;
  }
});
