import { figureOf, isMet, ratiosOf, spreadOf, type Spread } from './statistics.ts'
import type { Bound, Comparison, Contender, Figure, Sample } from './suite.ts'

const DEFAULT_ROUNDS = 5
const FEWEST_ROUNDS = 3

export interface ContenderResult {
  name: string
  /** Of the compared figure, over the rounds: operations per second, or milliseconds for `p99`. */
  figure: Spread
  wallMicrosPerOperation: number
  cpuMicrosPerOperation: number | null
  /** Null for the baseline itself. */
  ratio: Spread | null
  bound: Bound | null
  isMet: boolean | null
  samples: Omit<Sample, 'latenciesMs'>[]
}

export interface ComparisonResult {
  goal: string | null
  title: string
  figure: Figure
  rounds: number
  contenders: ContenderResult[]
}

/**
 * Runs every contender once per round, so that what else happens on the machine hits all of them alike, and turns the
 * order from round to round, so that nobody always follows the same neighbour.
 */
export async function runComparison(
  comparison: Comparison,
  options: { rounds?: number | undefined; onRound?: (done: number, of: number) => void } = {},
): Promise<ComparisonResult> {
  const rounds = Math.max(FEWEST_ROUNDS, options.rounds ?? comparison.rounds ?? DEFAULT_ROUNDS)
  const contenders: Contender[] = [comparison.baseline, ...comparison.candidates]
  const samples = new Map(contenders.map((contender) => [contender, [] as Sample[]]))
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length] ?? comparison.baseline
      const sample = await contender.run()
      // Round 0 warms up.
      if (round > 0) samples.get(contender)?.push(sample)
    }
    options.onRound?.(round, rounds)
  }
  const taken = (contender: Contender): Sample[] => samples.get(contender) ?? []
  const { goal, title, figure, baseline, candidates } = comparison
  const results = [
    describe(figure, baseline.name, taken(baseline)),
    ...candidates.map((candidate) => ({
      ...describe(figure, candidate.name, taken(candidate)),
      ...judge(ratiosOf(figure, taken(baseline), taken(candidate)), candidate.bound ?? null),
    })),
  ]
  return { goal, title, figure, rounds, contenders: results }
}

function describe(figure: Figure, name: string, samples: readonly Sample[]): ContenderResult {
  const micros = (ms: (sample: Sample) => number): number =>
    spreadOf(samples.map((sample) => (ms(sample) / sample.operations) * 1000)).median
  const hasCpu = samples.every(({ cpuMs }) => cpuMs !== null)
  return {
    name,
    figure: spreadOf(samples.map((sample) => figureOf(figure, sample))),
    wallMicrosPerOperation: micros(({ wallMs }) => wallMs),
    cpuMicrosPerOperation: hasCpu ? micros(({ cpuMs }) => cpuMs ?? 0) : null,
    ratio: null,
    bound: null,
    isMet: null,
    samples: samples.map(({ operations, wallMs, cpuMs }) => ({ operations, wallMs, cpuMs })),
  }
}

function judge(ratios: readonly number[], bound: Bound | null) {
  const ratio = spreadOf(ratios)
  return { ratio, bound, isMet: bound === null ? null : isMet(bound, ratio.median) }
}
