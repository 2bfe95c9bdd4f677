/** The oracle's side of the op table. */
import type { OpName } from '../../core/ops.js';
import { activationBackward, activationForward } from './activation.js';
import { adam } from './adam.js';
import { add } from './add.js';
import { adaptiveCellBackward, adaptiveCellForward } from './adaptive-cell.js';
import { columnSum } from './column-sum.js';
import { copy } from './copy.js';
import { applyMask, dropoutMask } from './dropout.js';
import { embeddingBackward, embeddingForward } from './embedding.js';
import { fill } from './fill.js';
import { gruCellBackward, gruCellForward } from './gru-cell.js';
import type { Kernel } from './kernel.js';
import { latentCellBackward, latentCellForward } from './latent-cell.js';
import { mean } from './mean.js';
import { multiply } from './multiply.js';
import { norm } from './norm.js';
import { policyBackward, policyForward } from './policy.js';
import { productNN, productNT, productTN } from './product.js';
import { rnnCellBackward, rnnCellForward } from './rnn-cell.js';
import { sample } from './sample.js';
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from './softmax-cross-entropy.js';
import { squaredErrorBackward, squaredErrorForward } from './squared-error.js';

export const kernels: { readonly [N in OpName]: Kernel<N> } = {
  productNT,
  productNN,
  productTN,
  columnSum,
  embeddingForward,
  embeddingBackward,
  dropoutMask,
  applyMask,
  latentCellForward,
  latentCellBackward,
  policyForward,
  policyBackward,
  adaptiveCellForward,
  adaptiveCellBackward,
  rnnCellForward,
  rnnCellBackward,
  gruCellForward,
  gruCellBackward,
  multiply,
  activationForward,
  activationBackward,
  squaredErrorForward,
  squaredErrorBackward,
  softmaxCrossEntropyForward,
  softmaxCrossEntropyBackward,
  mean,
  fill,
  add,
  copy,
  norm,
  adam,
  sample,
};
