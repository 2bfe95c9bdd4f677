// Sums to about twice the digits of f32, as pairs [high, low] whose sum is meant (Dekker 1971; Knuth, TAOCP 2, 4.2.2).
// They stand in for the CPU's float64.

// a + b exactly.
fn two_sum(a: f32, b: f32) -> vec2f {
  let s = a + b;
  let t = s - a;
  return vec2f(s, (a - (s - t)) + (b - t));
}

// a + b exactly when |a| ≥ |b|.
fn quick_sum(a: f32, b: f32) -> vec2f {
  let s = a + b;
  return vec2f(s, b - (s - a));
}

// The upper half of the digits of a.
fn upper(a: f32) -> f32 {
  let t = 4097.0 * a;
  return t - (t - a);
}

// a · b exactly.
fn two_product(a: f32, b: f32) -> vec2f {
  let p = a * b;
  let ah = upper(a);
  let al = a - ah;
  let bh = upper(b);
  let bl = b - bh;
  return vec2f(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl);
}

fn add_double(x: vec2f, y: vec2f) -> vec2f {
  let s = two_sum(x.x, y.x);
  let t = two_sum(x.y, y.y);
  let r = quick_sum(s.x, s.y + t.x);
  return quick_sum(r.x, r.y + t.y);
}

fn scale_double(x: vec2f, s: f32) -> vec2f {
  let p = two_product(x.x, s);
  return quick_sum(p.x, p.y + x.y * s);
}

fn less_double(x: vec2f, y: vec2f) -> bool {
  return x.x < y.x || (x.x == y.x && x.y < y.y);
}

fn divide_double(x: vec2f, by: f32) -> f32 {
  let q = x.x / by;
  let p = two_product(q, by);
  return q + (((x.x - p.x) - p.y) + x.y) / by;
}

fn root_double(x: vec2f) -> f32 {
  let s = sqrt(x.x);
  if (!(s > 0.0)) {
    return x.x; // 0, or not a number
  }
  let p = two_product(s, s);
  return s + (((x.x - p.x) - p.y) + x.y) / (2.0 * s);
}
