/**
 * What cells do with the two parts of their pre-activation, element by element: each is scaled by its policy, and an
 * address of 0 leaves a policy out, which is then 1.
 */
import { fma, loadLanes, offset, storeLanes } from './simd';

/** x ⊙ factor at element k; an absent factor, of a policy or a mask, is 1. */
@inline
export function scale(x: v128, factor: usize, k: i32, lanes: i32): v128 {
  return factor ? f32x4.mul(x, loadLanes(offset(factor, k), lanes)) : x;
}

/** sum + policy ⊙ x at element k. */
@inline
export function addScaled(sum: v128, x: usize, policy: usize, k: i32, lanes: i32): v128 {
  const value = loadLanes(offset(x, k), lanes);
  return policy ? fma(loadLanes(offset(policy, k), lanes), value, sum) : f32x4.add(sum, value);
}

/** d_ih ⊙ inputPart + d_b ⊙ b at element k; a bias that is absent is in inputPart. */
@inline
export function inputSide(inputPart: usize, policyIh: usize, bias: usize, policyB: usize, k: i32, lanes: i32): v128 {
  const product = scale(loadLanes(offset(inputPart, k), lanes), policyIh, k, lanes);
  return bias ? addScaled(product, bias, policyB, k, lanes) : product;
}

/**
 * The gradients of policy ⊙ x at element k, whose own gradient is d: dpolicy = d ⊙ x, unless it is absent, then
 * dx = policy ⊙ d, which may take the place of x.
 */
@inline
export function scaleBackward(d: v128, x: usize, policy: usize, dpolicy: usize, dx: usize, k: i32, lanes: i32): void {
  if (dpolicy) storeLanes(offset(dpolicy, k), f32x4.mul(d, loadLanes(offset(x, k), lanes)), lanes);
  storeLanes(offset(dx, k), scale(d, policy, k, lanes), lanes);
}

/** The same of a row of n; dx may take the place of d too. */
export function scaleRowBackward(n: i32, d: usize, x: usize, policy: usize, dpolicy: usize, dx: usize): void {
  for (let k = 0; k < n; k += 4) {
    scaleBackward(loadLanes(offset(d, k), n - k), x, policy, dpolicy, dx, k, n - k);
  }
}
