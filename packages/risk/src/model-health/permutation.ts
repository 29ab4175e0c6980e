import { createRandom } from '../metrics/random.ts'
import { type Bins, binOf } from './histogram.ts'

export interface PermutationTest {
  bins: Bins
  /** Added to each count of both histograms. */
  smoothing: number
  permutations: number
  seed: number
}

/**
 * p-value of a KL divergence against its null distribution: both samples are pooled and split again at random. Drawing
 * the bins without replacement is the permutation test of the histograms. p = (1 + as large) / (1 + permutations), so
 * it is never 0 (Phipson & Smyth 2010). Deterministic for a seed.
 */
export function klPValue(
  current: readonly number[],
  baseline: readonly number[],
  observedKl: number,
  { bins, smoothing, permutations, seed }: PermutationTest,
): number {
  const pooled = Uint16Array.from([...current, ...baseline], (value) => binOf(value, bins))
  const random = createRandom(seed)
  const total = new Float64Array(bins.count)
  for (const bin of pooled) total[bin] = (total[bin] as number) + 1
  const drawn = new Float64Array(bins.count)
  let asLarge = 0
  for (let round = 0; round < permutations; round += 1) {
    drawCounts(pooled, current.length, drawn, random)
    // A split equal to the observed one may differ in the last bits.
    if (klOfSplit(drawn, total, smoothing) >= observedKl - 1e-12) asLarge += 1
  }
  return (1 + asLarge) / (1 + permutations)
}

/** Counts per bin of `size` elements drawn without replacement: the first steps of a Fisher-Yates shuffle. */
function drawCounts(pooled: Uint16Array, size: number, counts: Float64Array, random: () => number): void {
  counts.fill(0)
  for (let index = 0; index < size; index += 1) {
    const other = index + Math.floor(random() * (pooled.length - index))
    const bin = pooled[other] as number
    pooled[other] = pooled[index] as number
    pooled[index] = bin
    counts[bin] = (counts[bin] as number) + 1
  }
}

/** `klDivergence` of the smoothed drawn counts against the smoothed rest, without allocating in the loop. */
function klOfSplit(drawn: Float64Array, total: Float64Array, smoothing: number): number {
  let drawnSum = 0
  let restSum = 0
  for (let bin = 0; bin < total.length; bin += 1) {
    drawnSum += (drawn[bin] as number) + smoothing
    restSum += (total[bin] as number) - (drawn[bin] as number) + smoothing
  }
  let sum = 0
  for (let bin = 0; bin < total.length; bin += 1) {
    const p = ((drawn[bin] as number) + smoothing) / drawnSum
    const q = ((total[bin] as number) - (drawn[bin] as number) + smoothing) / restSum
    if (p > 0) sum += p * Math.log(p / q)
  }
  return sum
}
