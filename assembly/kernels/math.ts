/**
 * exp, tanh and sigmoid of four f32 at a time, and the slopes of the latter two.
 *
 * The three stand on one reduction: y = n ln 2 + r with n whole and |r| ≤ ½ ln 2, and
 *   expm1(r) = r + r² q(r),  q of degree 4 (minimax in relative error: 1.4e-8 before rounding).
 * Bounds below are over all finite inputs, rounding included, with or without fused multiply-add;
 * test/assembly/math.test.ts holds them.
 */
import { fma, fnma } from './simd';

@inline const log2e: f32 = 1.4426950408889634;
// ln 2 in two parts. The first has 9 bits, so n · ln2High is exact for |n| < 2¹⁵.
@inline const ln2High: f32 = 0.693359375;
@inline const ln2Low: f32 = -2.1219444e-4;
@inline const q0: f32 = 0.4999999701976776;
@inline const q1: f32 = 0.16666541993618011;
@inline const q2: f32 = 0.04166720435023308;
@inline const q3: f32 = 0.008366691879928112;
@inline const q4: f32 = 0.0013882488710805774;

/** n of the reduction of y, still as f32. */
@inline
function wholePart(y: v128): v128 {
  return f32x4.nearest(f32x4.mul(y, f32x4.splat(log2e)));
}

/** expm1(r), r = y − n ln 2. */
@inline
function expm1Remainder(y: v128, n: v128): v128 {
  let r = fnma(n, f32x4.splat(ln2High), y);
  r = fnma(n, f32x4.splat(ln2Low), r);
  let q = fma(f32x4.splat(q4), r, f32x4.splat(q3));
  q = fma(q, r, f32x4.splat(q2));
  q = fma(q, r, f32x4.splat(q1));
  q = fma(q, r, f32x4.splat(q0));
  return fma(f32x4.mul(r, r), q, r);
}

/** 2ⁿ for whole n from −127 (gives 0) to 128 (gives ∞). */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * eˣ. Relative error ≤ 1e-7 where the result is normal; gradual underflow; 0 at −∞, ∞ above 88.73; NaN stays.
 */
@inline
export function exp(x: v128): v128 {
  const y = f32x4.min(f32x4.max(x, f32x4.splat(-104)), f32x4.splat(89));
  const whole = wholePart(y);
  const n = i32x4.trunc_sat_f32x4_s(whole);
  // 2ⁿ as two factors: the result may be near either end of the range while 2ⁿ alone is beyond it.
  const half = i32x4.shr_s(n, 1);
  const p = f32x4.add(f32x4.splat(1), expm1Remainder(y, whole));
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** σ(x) = 1 / (1 + e⁻ˣ). Absolute error ≤ 1e-7; 0 at −∞, 1 at ∞; NaN stays. */
@inline
export function sigmoid(x: v128): v128 {
  // From 88.4 on n = 128, e⁻ˣ is ∞ and σ exactly 0. At −87 it no longer moves 1.
  const y = f32x4.min(f32x4.max(f32x4.neg(x), f32x4.splat(-87)), f32x4.splat(89));
  const whole = wholePart(y);
  const power = powerOfTwo(i32x4.trunc_sat_f32x4_s(whole));
  const e = f32x4.mul(power, f32x4.add(f32x4.splat(1), expm1Remainder(y, whole)));
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
}

/**
 * tanh(x) = e / (e + 2), e = expm1(2|x|), with the sign of x. Working from expm1 keeps the relative error
 * ≤ 2e-7 everywhere, also next to 0. ±1 at ±∞; −0 and NaN stay.
 */
@inline
export function tanh(x: v128): v128 {
  const y = f32x4.min(f32x4.mul(f32x4.abs(x), f32x4.splat(2)), f32x4.splat(40));
  const whole = wholePart(y);
  const power = powerOfTwo(i32x4.trunc_sat_f32x4_s(whole));
  // expm1(n ln 2 + r) = 2ⁿ expm1(r) + (2ⁿ − 1)
  const e = fma(power, expm1Remainder(y, whole), f32x4.sub(power, f32x4.splat(1)));
  const positive = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
  return v128.bitselect(x, positive, i32x4.splat(0x80000000));
}

/** x (1 − x): the slope of the sigmoid whose value is x. */
@inline
export function sigmoidSlope(x: v128): v128 {
  return fnma(x, x, x);
}

/** 1 − x²: the slope of the tanh whose value is x. */
@inline
export function tanhSlope(x: v128): v128 {
  return fnma(x, x, f32x4.splat(1));
}
