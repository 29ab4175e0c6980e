import type { Bound, Figure, Sample } from './suite.ts'

/** The middle value, or the mean of the two in the middle. @throws RangeError without values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (upper === undefined || lower === undefined) throw new RangeError('no values')
  return (lower + upper) / 2
}

/** The smallest value that at least this share (0..1) of the values does not exceed: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (found === undefined) throw new RangeError('no values')
  return found
}

/** Median with the smallest and the largest value. */
export interface Spread {
  median: number
  min: number
  max: number
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** The compared figure of one sample. @throws RangeError when the sample does not hold it */
export function figureOf(figure: Figure, sample: Sample): number {
  if (!(sample.operations > 0)) throw new RangeError('a sample without operations')
  switch (figure) {
    case 'wall':
      return perSecond(sample.operations, sample.wallMs)
    case 'cpu':
      if (sample.cpuMs === null) throw new RangeError('a comparison by CPU time needs the CPU time')
      return perSecond(sample.operations, sample.cpuMs)
    case 'p99':
      return percentile(sample.latenciesMs ?? [], 0.99)
  }
}

function perSecond(operations: number, ms: number): number {
  if (!(ms > 0)) throw new RangeError('too short to be timed: do more operations a round')
  return (operations / ms) * 1000
}

/** Candidate by baseline of the same round: what the machine did meanwhile hit both. */
export function ratiosOf(
  figure: Figure,
  baseline: readonly Sample[],
  candidate: readonly Sample[],
): number[] {
  if (baseline.length !== candidate.length) throw new RangeError('baseline and candidate ran unequally often')
  return baseline.map((sample, round) => {
    const other = candidate[round]
    if (other === undefined) throw new RangeError(`no sample of round ${round}`)
    return figureOf(figure, other) / figureOf(figure, sample)
  })
}

/** Whether the median ratio is within the bound. */
export function isMet(bound: Bound, ratio: number): boolean {
  return 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost
}
