/**
 * The op table: every kernel call a Program can make.
 *
 * A row is one entry point. `file` is the name the op has in every room:
 * `assembly/kernels/FILE.ts`, `gpu/kernels/FILE.wgsl`, `test/reference/FILE.ts`, `docs/math/FILE.md`.
 * The entry's own name is the name of the function in each of those files.
 * A row's order of views, sizes and scalars is its order in an encoded Program,
 * and the order of fields in the argument class generated for AssemblyScript.
 *
 * Views are f32 unless they end in `ids` (i32). A `?` marks a view that a call may leave out (null).
 * `read`, `write` and `update` say what the kernel does with the memory; `write` never reads what was there.
 * Matrices are row-major with a leading dimension (`ld`, elements from one row to the next) of their own.
 */

type Access = 'read' | 'write' | 'update';
type Kind = 'matrix' | 'vector' | 'ids';
export type ViewRole = `${Access} ${Kind}` | `${Access} ${Kind}?`;

export interface OpRow {
  readonly file: string;
  readonly views: Readonly<Record<string, ViewRole>>;
  readonly sizes: readonly string[];
  readonly scalars: readonly string[];
  readonly weights: Weights;
}

type SizeValues = Readonly<Record<string, number>>;

/**
 * Views that are the right operand w of the op's products: x · wᵀ in a forward op ('NT'), dy · w in a backward one
 * ('NN'). In a scan they are the same at every step, so an executor may lay them out anew once, before it.
 */
export interface Weights {
  readonly side: 'NT' | 'NN';
  /** The size that counts rows of the left operand: of a batch, or, where w may be any matrix, simply M. */
  readonly rows: 'b' | 'm';
  /** [rows, columns] of each by the call's sizes. */
  readonly shapes: Readonly<Record<string, (sizes: SizeValues) => readonly [rows: number, columns: number]>>;
}

/**
 * Leading dimensions by which an executor tells the kernels of assembly/ that a weight is laid out anew: in panels
 * (product-packed.ts), or in 8-bit whole numbers with a scale for each row (product-int8.ts).
 */
export const weightMarks = { packed: -1, int8: -2 } as const;

const none: Weights = { side: 'NT', rows: 'b', shapes: {} };

function op<
  const V extends Readonly<Record<string, ViewRole>>,
  const S extends readonly string[],
  const F extends readonly string[],
>(file: string, views: V, sizes: S, scalars: F, weights: Weights = none) {
  return { file, views, sizes, scalars, weights };
}

const latentWeights: Weights['shapes'] = {
  weightX: ({ a = 0, i = 0 }) => [4 * a, i],
  weightH: ({ a = 0, h = 0 }) => [4 * a, h],
  weightZeta: ({ a = 0 }) => [4 * a, a],
  weightHh: ({ a = 0 }) => [4 * a, a],
};

const cellWeights: Weights['shapes'] = {
  weightIh: ({ h = 0, i = 0 }) => [4 * h, i],
  weightHh: ({ h = 0 }) => [4 * h, h],
};

const policyWeights: Weights['shapes'] = { weight: ({ p = 0, a = 0 }) => [p, a] };

/** Views of the adaptive cell's policy: present or null as the adaptation says. */
const policies = {
  policyX: 'read matrix?', // d_x  [B, I]
  policyH: 'read matrix?', // d_h  [B, H]
  policyIh: 'read matrix?', // d_ih [B, 4H]
  policyHh: 'read matrix?', // d_hh [B, 4H]
  policyB: 'read matrix?', // d_b  [B, 4H]
} as const;

const policyGradients = {
  dpolicyX: 'write matrix?',
  dpolicyH: 'write matrix?',
  dpolicyIh: 'write matrix?',
  dpolicyHh: 'write matrix?',
  dpolicyB: 'write matrix?',
} as const;

/** A cell's parts, and what scales them. */
const partsPolicies = {
  bias: 'read vector?', // [G·H]
  policyIh: 'read matrix?', // [B, G·H]
  policyHh: 'read matrix?', // [B, G·H]
  policyB: 'read matrix?', // [B, G·H]
  mask: 'read matrix?', // [B, H]
} as const;

const partsRead = {
  inputPart: 'read matrix', // [B, G·H]
  hiddenPart: 'read matrix', // [B, G·H]
  ...partsPolicies,
} as const;

const partsUpdated = {
  inputPart: 'update matrix',
  hiddenPart: 'update matrix',
  ...partsPolicies,
  dpolicyIh: 'write matrix?',
  dpolicyHh: 'write matrix?',
  dpolicyB: 'write matrix?',
} as const;

/** Activation functions φ, by the numbers that ops know them by. */
export const activations = { identity: 0, relu: 1, tanh: 2, sigmoid: 3 } as const;
export type Activation = keyof typeof activations;

export const ops = {
  // c [M, N] = (accumulate ? c : 0) + a [M, K] · b [N, K]ᵀ + bias [N]
  productNT: op(
    'product',
    { a: 'read matrix', b: 'read matrix', bias: 'read vector?', c: 'update matrix' },
    ['m', 'n', 'k', 'accumulate'],
    [],
    { side: 'NT', rows: 'm', shapes: { b: ({ n = 0, k = 0 }) => [n, k] } },
  ),
  // c [M, N] = (accumulate ? c : 0) + a [M, K] · b [K, N]
  productNN: op(
    'product',
    { a: 'read matrix', b: 'read matrix', c: 'update matrix' },
    ['m', 'n', 'k', 'accumulate'],
    [],
  ),
  // c [M, N] = (accumulate ? c : 0) + a [K, M]ᵀ · b [K, N]
  productTN: op(
    'product',
    { a: 'read matrix', b: 'read matrix', c: 'update matrix' },
    ['m', 'n', 'k', 'accumulate'],
    [],
  ),
  // y [N] += Σ_m x [m, N]
  columnSum: op('column-sum', { x: 'read matrix', y: 'update vector' }, ['m', 'n'], []),

  // y [N, E] = weight [ids, E] ⊙ rowMask [ids]
  embeddingForward: op(
    'embedding',
    { ids: 'read ids', weight: 'read matrix', rowMask: 'read vector?', y: 'write matrix' },
    ['n', 'vocabulary', 'width'],
    [],
  ),
  // dweight [ids, E] += dy [N, E] ⊙ rowMask [ids]
  embeddingBackward: op(
    'embedding',
    { ids: 'read ids', dy: 'read matrix', rowMask: 'read vector?', dweight: 'update matrix' },
    ['n', 'vocabulary', 'width'],
    [],
  ),

  // mask [n] = u ≥ p ? 1/(1 − p) : 0, with u drawn at (seed, stream, step, first + index); random = [seed, step]
  dropoutMask: op('dropout', { random: 'read ids', mask: 'write vector' }, ['n', 'first', 'stream'], ['probability']),
  // y [M, N] = x [M, N] ⊙ mask [m mod period, N]; its own backward; y may be x
  applyMask: op('dropout', { x: 'read matrix', mask: 'read matrix', y: 'write matrix' }, ['m', 'n', 'period'], []),

  // The latent LSTM. On entry gates [B, 4A] hold the hoisted W_x x + b when x is null, else anything;
  // on exit the activated gates i, f, g, o.
  latentCellForward: op(
    'latent-cell',
    {
      x: 'read matrix?', // [B, I]
      h: 'read matrix', // [B, H]  h_{t−1} of the same layer
      zeta: 'read matrix?', // [B, A]  latent of the layer below (or of the top layer, a step ago)
      zPrevious: 'read matrix', // [B, A]
      zcPrevious: 'read matrix', // [B, A]
      weightX: 'read matrix?', // [4A, I]; null with x
      weightH: 'read matrix', // [4A, H]
      weightZeta: 'read matrix?', // [4A, A]; null with zeta
      weightHh: 'read matrix', // [4A, A]
      bias: 'read vector', // [4A]
      mask: 'read matrix?', // [B, A]
      gates: 'update matrix', // [B, 4A]
      zc: 'write matrix', // [B, A]
      z: 'write matrix', // [B, A]  masked
    },
    ['b', 'i', 'h', 'a'],
    [],
    { side: 'NT', rows: 'b', shapes: latentWeights },
  ),
  // gates become dpre [B, 4A]; dz and dzc go from step t to step t − 1; dh, dx, dzeta accumulate.
  latentCellBackward: op(
    'latent-cell',
    {
      zcPrevious: 'read matrix',
      zc: 'read matrix',
      weightX: 'read matrix?', // null with dx
      weightH: 'read matrix',
      weightZeta: 'read matrix?', // null with dzeta
      weightHh: 'read matrix',
      mask: 'read matrix?',
      gates: 'update matrix',
      dz: 'update matrix',
      dzc: 'update matrix',
      dh: 'update matrix',
      dx: 'update matrix?',
      dzeta: 'update matrix?',
    },
    ['b', 'i', 'h', 'a'],
    [],
    { side: 'NN', rows: 'b', shapes: latentWeights },
  ),

  // d [B, P] = offset + tanh(z [B, A] · weight [P, A]ᵀ)
  policyForward: op(
    'policy',
    { z: 'read matrix', weight: 'read matrix', d: 'write matrix' },
    ['b', 'a', 'p'],
    ['offset'],
    { side: 'NT', rows: 'b', shapes: policyWeights },
  ),
  // d becomes dp = dd ⊙ (1 − (d − offset)²); dz += dp · weight
  policyBackward: op(
    'policy',
    { d: 'update matrix', weight: 'read matrix', dd: 'read matrix', dz: 'update matrix' },
    ['b', 'a', 'p'],
    ['offset'],
    { side: 'NN', rows: 'b', shapes: policyWeights },
  ),

  // The recurrent cell u = d_ih ⊙ (W_ih (d_x ⊙ x)) + d_hh ⊙ (W_hh (d_h ⊙ h)) + d_b ⊙ b with LSTM gates.
  // A null policy is 1. When x is null the input product is hoisted: it is in inputPart on entry, or, when
  // inputPart is null too (static), in gates together with the bias.
  adaptiveCellForward: op(
    'adaptive-cell',
    {
      x: 'read matrix?', // [B, I]
      h: 'read matrix', // [B, H]  h_{t−1}, masked
      cPrevious: 'read matrix', // [B, H]
      weightIh: 'read matrix', // [4H, I]
      weightHh: 'read matrix', // [4H, H]
      bias: 'read vector', // [4H]
      ...policies,
      mask: 'read matrix?', // [B, H]
      scaledX: 'write matrix?', // [B, I]   d_x ⊙ x, kept for dW_ih; null with policyX
      scaledH: 'write matrix?', // [B, H]   d_h ⊙ h, kept for dW_hh; null with policyH
      inputPart: 'update matrix?', // [B, 4H]  W_ih (d_x ⊙ x)
      hiddenPart: 'write matrix?', // [B, 4H]  W_hh (d_h ⊙ h)
      gates: 'update matrix', // [B, 4H]  σ(i), σ(f), tanh(g), σ(o)
      c: 'write matrix', // [B, H]
      y: 'write matrix?', // [B, H]  σ(o) ⊙ tanh(c), before the mask
      hNext: 'write matrix', // [B, H]  masked
    },
    ['b', 'i', 'h'],
    [],
    { side: 'NT', rows: 'b', shapes: cellWeights },
  ),
  // dh and dc go from step t to step t − 1. In place, for the weight gradients after the scan:
  // inputPart → d_ih ⊙ du, hiddenPart → d_hh ⊙ du, gates → d_b ⊙ du. dx accumulates.
  adaptiveCellBackward: op(
    'adaptive-cell',
    {
      x: 'read matrix?',
      h: 'read matrix',
      cPrevious: 'read matrix',
      c: 'read matrix',
      weightIh: 'read matrix',
      weightHh: 'read matrix',
      bias: 'read vector',
      ...policies,
      ...policyGradients,
      mask: 'read matrix?',
      inputPart: 'update matrix?',
      hiddenPart: 'update matrix?',
      gates: 'update matrix',
      dy: 'read matrix?', // [B, H]  gradient of the unmasked output
      dh: 'update matrix', // [B, H]  gradient of the masked output h_t → of h_{t−1}
      dc: 'update matrix', // [B, H]  gradient of c_t → of c_{t−1}
      dx: 'update matrix?', // [B, I]
    },
    ['b', 'i', 'h'],
    [],
    { side: 'NN', rows: 'b', shapes: cellWeights },
  ),

  // Cells whose products stand apart: p = inputPart [B, G·H], with the bias in it where `bias` is null, and q = hiddenPart.
  // A null policy is 1. y = tanh(d_ih ⊙ p + d_b ⊙ b + d_hh ⊙ q)
  rnnCellForward: op(
    'rnn-cell',
    { ...partsRead, gates: 'write matrix', y: 'write matrix?', hNext: 'write matrix' },
    ['b', 'h'],
    [],
  ),
  // In place: inputPart → d_ih ⊙ du, hiddenPart → d_hh ⊙ du, gates → d_b ⊙ du. dh goes from h_t to 0: there is no way to
  // h_{t−1} but through q.
  rnnCellBackward: op(
    'rnn-cell',
    { ...partsUpdated, gates: 'update matrix', dy: 'read matrix?', dh: 'update matrix' },
    ['b', 'h'],
    [],
  ),
  // r, u = σ(p + q), n = tanh(p_n + r ⊙ q_n), y = (1 − u) ⊙ n + u ⊙ h_{t−1}, where p and q are scaled and p has the bias;
  // gates [B, 3H] = r, u, n.
  gruCellForward: op(
    'gru-cell',
    { h: 'read matrix', ...partsRead, gates: 'write matrix', y: 'write matrix?', hNext: 'write matrix' },
    ['b', 'h'],
    [],
  ),
  // In place: inputPart → d_ih ⊙ dp, hiddenPart → d_hh ⊙ dq, gates → d_b ⊙ dp; dq is dp with its n scaled by r.
  // dh goes from h_t to what comes to h_{t−1} through u alone.
  gruCellBackward: op(
    'gru-cell',
    { h: 'read matrix', ...partsUpdated, gates: 'update matrix', dy: 'read matrix?', dh: 'update matrix' },
    ['b', 'h'],
    [],
  ),

  // logSumExp [N], losses [N] = logSumExp − logits[targets], in nats
  softmaxCrossEntropyForward: op(
    'softmax-cross-entropy',
    {
      logits: 'read matrix',
      targets: 'read ids',
      logSumExp: 'write vector',
      losses: 'write vector',
    },
    ['n', 'vocabulary'],
    [],
  ),
  // logits become dlogits [N, V] = (softmax − onehot(targets)) / total: N, or more when others have the rest of the rows
  softmaxCrossEntropyBackward: op(
    'softmax-cross-entropy',
    { logits: 'update matrix', targets: 'read ids', logSumExp: 'read vector' },
    ['n', 'total', 'vocabulary'],
    [],
  ),
  // y [1] = Σ x / total, summed in float64
  mean: op('mean', { x: 'read vector', y: 'write vector' }, ['n', 'total'], []),

  // y [M, N] = (accumulate ? y : 0) + a ⊙ b; its own backward; y may be a or b.
  // An operand with a leading dimension of 0 is one row for all.
  multiply: op('multiply', { a: 'read matrix', b: 'read matrix', y: 'update matrix' }, ['m', 'n', 'accumulate'], []),
  // y [M, N] = φ(x), φ by its number in `activations`; y may be x
  activationForward: op('activation', { x: 'read matrix', y: 'write matrix' }, ['m', 'n', 'kind'], []),
  // dx [M, N] = dy ⊙ φ′, which follows from y = φ(x); dx may be dy
  activationBackward: op(
    'activation',
    { y: 'read matrix', dy: 'read matrix', dx: 'write matrix' },
    ['m', 'n', 'kind'],
    [],
  ),

  // losses [N] = Σ (y − targets)² / O
  squaredErrorForward: op(
    'squared-error',
    { y: 'read matrix', targets: 'read matrix', losses: 'write vector' },
    ['n', 'o'],
    [],
  ),
  // y becomes dy [N, O] = 2 (y − targets) / (O · total)
  squaredErrorBackward: op('squared-error', { y: 'update matrix', targets: 'read matrix' }, ['n', 'total', 'o'], []),

  fill: op('fill', { x: 'write vector' }, ['n'], ['value']),
  // y [N] += x [N]
  add: op('add', { x: 'read vector', y: 'update vector' }, ['n'], []),
  // y [M, N] = x, of which a leading dimension of 0 is one row for all
  copy: op('copy', { x: 'read matrix', y: 'write matrix' }, ['m', 'n'], []),

  // norm [1] = √ Σ x², summed in float64
  norm: op('norm', { x: 'read vector', norm: 'write vector' }, ['n'], []),
  // One step of Adam (decoupled = 0, L2 in the gradient) or AdamW (decoupled = 1) over a flat range.
  // settings [8] = learning rate, β₁, β₂, ε, weight decay, 1 − β₁ᵗ, 1 − β₂ᵗ, clip (0: none).
  // The gradient is first scaled by min(1, clip / (norm + 1e-6)). A norm that is not finite changes nothing.
  adam: op(
    'adam',
    {
      settings: 'read vector',
      norm: 'read vector',
      gradients: 'read vector',
      parameters: 'update vector',
      moment1: 'update vector',
      moment2: 'update vector',
    },
    ['n', 'decoupled'],
    [],
  ),

  // id [1] ~ softmax(logits [V] / temperature), of the topK largest (0: all) that make up topP of the mass.
  // settings [3] = temperature (0: greedy, lowest id wins a tie), topK, topP; random = [seed, step].
  // scratch [V] and order [V] are the kernel's own.
  sample: op(
    'sample',
    {
      logits: 'read vector',
      settings: 'read vector',
      random: 'read ids',
      scratch: 'write vector',
      order: 'write ids',
      id: 'write ids',
    },
    ['vocabulary', 'stream'],
    [],
  ),
} satisfies Record<string, OpRow>;

export type OpName = keyof typeof ops;

/** Op names in table order; an op's index is its opcode. */
export const opNames: readonly OpName[] = Object.keys(ops).filter((name): name is OpName => name in ops);
