/**
 * TensorFlow.js on its WASM or its WebGPU backend: a training step of S. What the first lacks, and what stands here instead
 * for both:
 *   - no kernel for the gradient of a look-up (UnsortedSegmentSum): the embedding's gradient is a product with one-hot
 *     rows, and under automatic differentiation the look-up itself is that product;
 *   - none for softmax cross entropy or LogSoftmax: softmax, sum and log;
 *   - no recurrent op: one op after another, some twenty a step for the LSTM;
 *   - no clipping by the norm: written out. Adam is its own.
 * On WASM it takes a thread for every two cores.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import { adam, learningRate, type Training, type TrainingProblem } from '../page/training.js';
import { answerWith, type Gradients as Way, type PeerRequest } from './protocol.js';
import { timesTransposed, transposedTimes } from './tensorflow-gates.js';
import { adaptiveLayer, staticLayer, type Gradients, type Layer } from './tensorflow-layers.js';
import { measurePeerTraining, weightsOf } from './training-case.js';

answerWith<Extract<PeerRequest, { readonly engine: 'tensorflow' }>>(async ({ model, backend, gradients }) => {
  setWasmPaths(new URL('.', import.meta.url).href);
  if (!(await tf.setBackend(backend))) throw new Error(`The backend ${backend} of TensorFlow.js does not start.`);
  const layer = model === 'aLSTM' ? adaptiveLayer : staticLayer;
  const speed = await measurePeerTraining(
    model,
    backend,
    async (problem) => new TensorFlowTraining(problem, layer, gradients),
  );
  return { speed, threads: backend === 'wasm' ? getThreadsCount() : 1 };
});

/** What one step gives: a type, for only a type is a tree of tensors to TensorFlow.js. */
type Outcome = { readonly loss: tf.Tensor; readonly state: tf.Tensor[]; readonly gradients: Gradients };

class TensorFlowTraining implements Training {
  readonly #weights: ReadonlyMap<string, tf.Variable>;
  readonly #optimizer = tf.train.adam(learningRate, adam.beta1, adam.beta2, adam.epsilon);
  #state: tf.Tensor[];

  constructor(
    readonly problem: TrainingProblem,
    readonly layer: Layer,
    readonly way: Way,
  ) {
    this.#weights = new Map(
      weightsOf(problem).map(({ name, shape, values }) => {
        return [name, tf.variable(tf.tensor(values, [...shape]), true, name)];
      }),
    );
    const { adaptation, hiddenSizes, latentSize } = problem.config;
    const [hidden = 0] = hiddenSizes;
    const widths = adaptation === 'static' ? [hidden, hidden] : [hidden, hidden, latentSize, latentSize];
    this.#state = widths.map((width) => tf.zeros([problem.batch, width]));
  }

  async step(): Promise<number> {
    const { loss, state, gradients } = tf.tidy(() => {
      const outcome = this.way === 'automatic' ? this.#automatic() : this.#byHand();
      return { ...outcome, gradients: clipped(outcome.gradients) };
    });
    this.#optimizer.applyGradients(Object.entries(gradients).map(([name, tensor]) => ({ name, tensor })));
    tf.dispose([this.#state, gradients]);
    this.#state = state;
    const [value = NaN] = await loss.data();
    loss.dispose();
    return value;
  }

  #automatic(): Outcome {
    let state: tf.Tensor[] = [];
    const { value, grads } = tf.variableGrads(() => {
      const { run, probabilities, targets } = this.#forward((rows, table) => tf.matMul(rows, table));
      state = run.state.map((each) => tf.keep(each)); // the gradients' own tidy would dispose of it
      return crossEntropy(probabilities, targets);
    });
    return { loss: value, state, gradients: grads };
  }

  #byHand(): Outcome {
    const forward = this.#forward((_, table) => tf.gather(table, tf.tensor1d(this.problem.ids)));
    const { run, probabilities, rows, targets } = forward;
    const dlogits = tf.div(tf.sub(probabilities, targets), this.problem.ids.length);
    const { dx, gradients } = run.backward(tf.matMul(dlogits, this.#weight('decoder.weight')));
    return {
      loss: crossEntropy(probabilities, targets),
      state: run.state,
      gradients: {
        ...gradients,
        'embedding.weight': transposedTimes(rows, dx),
        'decoder.weight': transposedTimes(dlogits, run.y),
        'decoder.bias': tf.sum(dlogits, 0),
      },
    };
  }

  #forward(embed: (rows: tf.Tensor, table: tf.Tensor) => tf.Tensor) {
    const { ids, targets, steps } = this.problem;
    const rows = this.#oneHot(ids); // [T·B, V]
    const x = embed(rows, this.#weight('embedding.weight'));
    const run = this.layer((name) => this.#weight(name), x, this.#state, steps);
    const logits = tf.add(timesTransposed(run.y, this.#weight('decoder.weight')), this.#weight('decoder.bias'));
    return { run, rows, targets: this.#oneHot(targets), probabilities: tf.softmax(logits) };
  }

  #oneHot(ids: Int32Array): tf.Tensor {
    return tf.cast(tf.oneHot(tf.tensor1d(ids, 'int32'), this.problem.config.vocabularySize), 'float32');
  }

  #weight(name: string): tf.Variable {
    const weight = this.#weights.get(name);
    if (!weight) throw new TypeError(`There is no parameter ${name}.`);
    return weight;
  }
}

/** Mean over the tokens, in nats. */
function crossEntropy(probabilities: tf.Tensor, targets: tf.Tensor): tf.Scalar {
  return tf.neg(tf.mean<tf.Scalar>(tf.log(tf.sum(tf.mul(probabilities, targets), 1))));
}

function clipped(gradients: Gradients): Gradients {
  const squares = Object.values(gradients).map((each) => tf.sum(tf.square(each)));
  const norm = tf.sqrt(tf.addN(squares));
  const scale = tf.minimum(1, tf.div(adam.clip, tf.add(norm, 1e-6)));
  return Object.fromEntries(Object.entries(gradients).map(([name, each]) => [name, tf.mul(each, scale)]));
}
