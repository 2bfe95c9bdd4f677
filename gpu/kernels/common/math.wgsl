// exp, log and tanh to about one rounding on every device: the built-in ones may be off by many (WGSL, section 15.7.4).
// Polynomials are those of Cephes (S. Moshier): expf, logf, tanhf.

fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn two_to(n: i32) -> f32 {
  return bitcast<f32>(u32(n + 127) << 23u);
}

// e^x = 2^n e^r with |r| ≤ ln 2 / 2. Below 2⁻¹²⁶ it is 0. Without branches: a CPU would go through both sides.
fn exponential(x: f32) -> f32 {
  let bounded = clamp(x, -87.3, 88.72);
  let n = floor(bounded * 1.44269504 + 0.5);
  let r = (bounded - n * 0.693359375) + n * 2.12194440e-4;
  var p = 1.9875691500e-4;
  p = p * r + 1.3981999507e-3;
  p = p * r + 8.3334519073e-3;
  p = p * r + 4.1665795894e-2;
  p = p * r + 1.6666665459e-1;
  p = p * r + 5.0000001201e-1;
  let y = p * r * r + r + 1.0;
  // In two steps, since 2^128 is no float.
  let half = i32(n) >> 1u;
  let e = y * two_to(half) * two_to(i32(n) - half);
  return select(select(e, 0.0, x < -87.3), x, is_nan(x));
}

// log x for positive, normal x: x = 2^e m with √½ ≤ m < √2.
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  var e = f32(i32(bits >> 23u) - 126);
  var m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u); // ½ ≤ m < 1
  if (m < 0.70710678) {
    e -= 1.0;
    m = m + m - 1.0;
  } else {
    m = m - 1.0;
  }
  let z = m * m;
  var p = 7.0376836292e-2;
  p = p * m - 1.1514610310e-1;
  p = p * m + 1.1676998740e-1;
  p = p * m - 1.2420140846e-1;
  p = p * m + 1.4249322787e-1;
  p = p * m - 1.6668057665e-1;
  p = p * m + 2.0000714765e-1;
  p = p * m - 2.4999993993e-1;
  p = p * m + 3.3333331174e-1;
  var y = p * m * z;
  y += e * -2.12194440e-4;
  y -= 0.5 * z;
  return m + y + e * 0.693359375;
}

fn tangent(x: f32) -> f32 {
  let s = x * x;
  var p = -5.70498872745e-3;
  p = p * s + 2.06390887954e-2;
  p = p * s - 5.37397155531e-2;
  p = p * s + 1.33314422036e-1;
  p = p * s - 3.33332819422e-1;
  let near = p * s * x + x;
  let y = 1.0 - 2.0 / (exponential(2.0 * min(abs(x), 20.0)) + 1.0);
  let far = select(y, -y, x < 0.0);
  return select(select(far, near, abs(x) < 0.625), x, is_nan(x));
}

fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exponential(min(-x, 87.0)));
}
