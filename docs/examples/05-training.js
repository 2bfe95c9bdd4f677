import { AdaptiveLM } from './adaptive-lm/adaptive-lm-api.js';

const text = document.querySelector('#text');
const train = document.querySelector('#train');
const stop = document.querySelector('#stop');
const progress = document.querySelector('progress');
const status = document.querySelector('[role="status"]');
const output = document.querySelector('output');
const model = await AdaptiveLM.create(); // no model yet: train makes one
train.disabled = false;

train.addEventListener('click', async () => {
  train.disabled = true;
  const run = model.train(text.value, { size: 'small', samplePrompt: 'The ', onEvent: showSample });
  stop.onclick = () => run.stop();
  stop.disabled = false;
  for await (const { step, totalSteps, smoothLoss } of run) {
    progress.value = step / totalSteps;
    status.textContent = `Step ${step} of ${totalSteps}, ${smoothLoss.toFixed(2)} nats per character.`;
  }
  const { reason } = await run.result; // finished, stopped or diverged
  [train.disabled, stop.disabled] = [false, true];
  output.textContent = `The ${await model.prompt('The ', { maxTokens: 300, seed: 7 })}`;
  status.textContent += ` It ${reason === 'finished' ? 'has finished' : 'was ended'}, and writes:`;
});

function showSample(event) {
  if (event.type === 'sample') output.textContent = event.text;
}
