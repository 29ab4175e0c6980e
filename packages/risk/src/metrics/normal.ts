/** Standard normal distribution function, by the series of erf near the centre and the continued fraction of erfc in the tails. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2)
}

/** Complementary error function by series (|x| < 2.5) or continued fraction. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  return x < 2.5 ? 1 - erfSeries(x) : erfcFraction(x)
}

function erfSeries(x: number): number {
  let term = x
  let sum = x
  // Further terms are below 1e-30 for |x| < 2.5.
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

function erfcFraction(x: number): number {
  let fraction = 0
  for (let n = 120; n > 0; n--) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction)
}

/** Inverse of {@link normalCdf} by Newton's method on it. @param share strictly between 0 and 1 */
export function normalQuantile(share: number): number {
  let z = 0
  // In the tails a step gains about 1 / |z|: a hundred of them reach shares down to 1e-40.
  for (let step = 0; step < 100; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
    // Far out the tangent overshoots: a step of at most 1 keeps the search on the slope.
    z -= Math.max(-1, Math.min(1, (normalCdf(z) - share) / density))
  }
  return z
}
