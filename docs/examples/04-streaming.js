import { AdaptiveLM } from './adaptive-lm/adaptive-lm-api.js';

const write = document.querySelector('#write');
const stop = document.querySelector('#stop');
const output = document.querySelector('output');
const model = await AdaptiveLM.create({ src: 'shakespeare.safetensors' });
write.disabled = false;

write.addEventListener('click', async () => {
  const controller = new AbortController();
  stop.onclick = () => controller.abort();
  [write.disabled, stop.disabled] = [true, false];
  let written = '';
  try {
    for await (const piece of model.promptStreaming('', { maxTokens: 100_000, signal: controller.signal })) {
      written += piece;
      output.append(piece);
    }
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
    await model.append(written); // the next text goes on from here
  }
  [write.disabled, stop.disabled] = [false, true];
});
