import { normalize } from './histogram.ts'

/**
 * Kullback-Leibler divergence KL(p || q) = sum p ln(p/q), natural logarithm, both normalised first.
 * A term with p = 0 is 0 (Cover & Thomas, Elements of Information Theory, 2.3).
 * @returns null where it is undefined: q = 0 in a place where p is not, or nothing to normalise
 */
export function klDivergence(p: readonly number[], q: readonly number[]): number | null {
  if (p.length !== q.length) throw new RangeError('distributions of different length')
  const [current, reference] = [normalize(p), normalize(q)]
  let sum = 0
  for (const [index, share] of current.entries()) {
    if (share === 0) continue
    sum += share * Math.log(share / (reference[index] as number))
  }
  // Rounding can leave -1e-17 for equal distributions.
  return Number.isFinite(sum) ? Math.max(0, sum) : null
}

/**
 * Population stability index: sum (current - reference) ln(current / reference) = KL both ways, natural logarithm.
 * Reported, never decides: with identical distributions it exceeds 0.25 in many windows of 100.
 * @returns null where a bin is empty on one side only
 */
export function populationStabilityIndex(
  current: readonly number[],
  reference: readonly number[],
): number | null {
  const there = klDivergence(current, reference)
  const back = klDivergence(reference, current)
  return there === null || back === null ? null : there + back
}

/** Adds a constant to every count, so that no bin is empty. */
export function smooth(counts: readonly number[], added: number): number[] {
  return counts.map((count) => count + added)
}
