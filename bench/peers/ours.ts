/** Ours on WebGPU, as the peers are measured there: the same problem, the same losses to reach, as many samples. */
import { createGpuExecutor } from '../../gpu/webgpu.js';
import { prepareTraining } from '../page/training.js';
import { answerWith, type PeerRequest } from './protocol.js';
import { measurePeerTraining } from './training-case.js';

answerWith<Extract<PeerRequest, { readonly engine: 'ours' }>>(async ({ model, backend }) => {
  const speed = await measurePeerTraining(model, backend, async (problem) =>
    prepareTraining(await createGpuExecutor(), problem, 1),
  );
  return { speed, threads: 1 };
});
