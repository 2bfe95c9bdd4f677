import './adaptive-lm/adaptive-lm.js';

const element = document.querySelector('adaptive-lm');
const status = document.querySelector('[role="status"]');

document.querySelector('input').addEventListener('change', async ({ target }) => {
  try {
    const { parameters, tokenizer } = await element.load(target.files[0]);
    status.textContent = `${parameters.toLocaleString()} parameters; it reads ${tokenizer}.`;
    await element.write('The ', { maxTokens: 100 });
  } catch (error) {
    status.textContent = `${error.code}: ${error.message}`;
  }
});
