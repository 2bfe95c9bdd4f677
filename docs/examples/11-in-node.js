import { Worker } from 'node:worker_threads';
import { AdaptiveLM } from 'adaptive-lm/api';

const worker = new Worker(new URL(import.meta.resolve('adaptive-lm/node-worker.js')));
const model = await AdaptiveLM.create({ worker });

const text = 'The rain came over the hill at four, and we took the chairs in. '.repeat(20);
const run = model.train(text, { size: 'small', epochs: 20 });
for await (const { step, totalSteps, smoothLoss } of run) {
  if (step % 50 === 0 || step === totalSteps)
    console.log(`step ${step} of ${totalSteps}: ${smoothLoss.toFixed(2)} nats`);
}

console.log(await model.prompt('The rain', { maxTokens: 60, temperature: 0.2, seed: 7 }));
model.destroy();
