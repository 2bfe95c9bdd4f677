/**
 * jax-js on its WASM or its WebGPU backend: a training step of S, differentiated and compiled by it as one function. What it lacks: a
 * scan, so that the unrolled step takes seconds to compile (not counted). Its optimizers are a package of their own;
 * Adam and the clipping are written out here.
 */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { adam, learningRate, type Training, type TrainingProblem } from '../page/training.js';
import { adaptiveLayer, get, staticLayer, type Arrays, type Layer } from './jax-layers.js';
import { answerWith, type PeerRequest } from './protocol.js';
import { measurePeerTraining, weightsOf } from './training-case.js';

answerWith<Extract<PeerRequest, { readonly engine: 'jax' }>>(async ({ model, backend, threads: wanted }) => {
  if (!(await init(backend)).includes(backend)) throw new Error(`The backend ${backend} of jax-js does not start.`);
  defaultDevice(backend);
  const layer = model === 'aLSTM' ? adaptiveLayer : staticLayer;
  const oneThread = backend === 'wasm' && wanted === 1;
  const speed = await measurePeerTraining(
    model,
    backend,
    async (problem) => new JaxTraining(problem, layer, oneThread),
  );
  return { speed, threads: backend === 'webgpu' || oneThread ? 1 : navigator.hardwareConcurrency };
});

class JaxTraining implements Training {
  #weights: Arrays;
  #moment1: Arrays;
  #moment2: Arrays;
  #state: Arrays;
  #steps = 0;
  readonly #ids: np.Array;
  readonly #targets: np.Array;
  readonly #step;

  constructor(
    readonly problem: TrainingProblem,
    layer: Layer,
    /** On WASM, results that are read synchronously are computed on this thread, others by its pool, one for each core. */
    readonly oneThread: boolean,
  ) {
    const { batch, config, ids, targets } = problem;
    const weights = weightsOf(problem).map(({ name, shape, values }) => {
      return [name, np.array(values, { shape: [...shape] })] as const;
    });
    this.#weights = Object.fromEntries(weights);
    const zeros = () => Object.fromEntries(weights.map(([name, { shape }]) => [name, np.zeros(shape)]));
    [this.#moment1, this.#moment2] = [zeros(), zeros()];
    const [hidden = NaN] = config.hiddenSizes;
    const cell = { h: np.zeros([batch, hidden]), c: np.zeros([batch, hidden]) };
    const latent = () => np.zeros([batch, config.latentSize]);
    this.#state = config.adaptation === 'static' ? cell : { ...cell, z: latent(), zc: latent() };
    [this.#ids, this.#targets] = [np.array(ids), np.array(targets)];
    this.#step = jit(trainingStep(problem, layer));
  }

  async step(): Promise<number> {
    this.#steps++;
    const corrections = [1 - adam.beta1 ** this.#steps, 1 - adam.beta2 ** this.#steps];
    const [loss, weights, moment1, moment2, state] = this.#step(
      this.#weights,
      this.#moment1,
      this.#moment2,
      this.#state,
      this.#ids.ref,
      this.#targets.ref,
      np.array(corrections),
    );
    [this.#weights, this.#moment1, this.#moment2, this.#state] = [weights, moment1, moment2, state];
    if (this.oneThread) return loss.item();
    const value: unknown = await loss.jsAsync();
    return Number(value);
  }
}

type Results = [loss: np.Array, weights: Arrays, moment1: Arrays, moment2: Arrays, state: Arrays];

/** Takes everything it is given. */
function trainingStep({ config, steps, batch }: TrainingProblem, layer: Layer) {
  const oneHot = (ids: np.Array) => nn.oneHot(ids, config.vocabularySize);
  const forward = (weights: Arrays, state: Arrays, ids: np.Array, targets: np.Array): [np.Array, Arrays] => {
    const x = np.matmul(oneHot(ids), get(weights, 'embedding.weight').ref);
    const run = layer(weights, x, state, steps);
    const decoder = get(weights, 'decoder.weight').ref.transpose();
    const logits = np.matmul(run.y, decoder).add(get(weights, 'decoder.bias').ref);
    tree.dispose(weights);
    return [
      nn
        .logSoftmax(logits)
        .mul(oneHot(targets))
        .sum()
        .div(-steps * batch),
      run.state,
    ];
  };
  const gradient = valueAndGrad(forward, { hasAux: true });
  return (
    weights: Arrays,
    moment1: Arrays,
    moment2: Arrays,
    state: Arrays,
    ids: np.Array,
    targets: np.Array,
    corrections: np.Array,
  ): Results => {
    const [[loss, nextState], gradients] = gradient(tree.ref(weights), state, ids, targets);
    const results: Results = [loss, {}, {}, {}, nextState];
    const squares = Object.values(gradients).map((each) => np.square(each.ref).sum());
    const norm = np.sqrt(squares.reduce((sum, each) => sum.add(each)));
    const scale = np.minimum(1, np.reciprocal(norm.add(1e-6)).mul(adam.clip));
    const [correction1, correction2] = np.split(corrections, 2);
    if (!correction1 || !correction2) throw new TypeError('There are two corrections.');
    for (const name of Object.keys(weights)) {
      const g = get(gradients, name).mul(scale.ref);
      const m = get(moment1, name)
        .mul(adam.beta1)
        .add(g.ref.mul(1 - adam.beta1));
      const v = get(moment2, name)
        .mul(adam.beta2)
        .add(np.square(g).mul(1 - adam.beta2));
      const [up, down] = [m.ref.div(correction1.ref), np.sqrt(v.ref.div(correction2.ref)).add(adam.epsilon)];
      results[1][name] = get(weights, name).sub(up.div(down).mul(learningRate));
      results[2][name] = m;
      results[3][name] = v;
    }
    for (const each of [scale, correction1, correction2]) each.dispose();
    return results;
  };
}
