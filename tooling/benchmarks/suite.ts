/** One timed run of one contender. */
export interface Sample {
  /** How many operations were done. */
  operations: number
  wallMs: number
  /** Of every process that did the work, as far as they can be measured; null where they cannot. */
  cpuMs: number | null
  /** Of the operations one by one; needed where the comparison is by `p99`. */
  latenciesMs?: readonly number[]
}

/** Something that can be timed. Each call is one round; what it needs is made in `Suite.open`. */
export interface Contender {
  name: string
  run: () => Sample | Promise<Sample>
}

/** What the ratio (candidate / baseline) has to reach. */
export type Bound = { atLeast: number } | { atMost: number }

export interface Candidate extends Contender {
  /** None for a figure that is only shown. */
  bound?: Bound
}

/**
 * What is compared: operations per second of wall time, operations per second of CPU time, or the 99th percentile of
 * the latencies.
 */
export type Figure = 'wall' | 'cpu' | 'p99'

/** A baseline and what is held against it. Each round runs all of them, one after the other, in turning order. */
export interface Comparison {
  /** The goal's number, such as `P11`; null for a figure without one. */
  goal: string | null
  title: string
  figure: Figure
  baseline: Contender
  candidates: readonly Candidate[]
  /** At least 3, and 5 unless told; one more in front warms up and is not counted. */
  rounds?: number
}

/** A figure that has to stay within its bound by itself, on the machine at hand. */
export interface Budget {
  goal: string | null
  title: string
  unit: string
  /** None for a figure that is only shown. */
  bound?: Bound
  measure: () => number | Promise<number>
}

export interface OpenSuite {
  comparisons: readonly Comparison[]
  budgets?: readonly Budget[]
  /** Said below the table: sizes, settings, what was left out. */
  notes?: readonly string[]
  close?: () => Promise<void>
}

/** What a file `suites/<name>.ts` exports as `suite`; the file's name is the suite's. */
export interface Suite {
  title: string
  /** Servers, tables, inputs. @throws MissingTool when something it compares with is not there */
  open: () => OpenSuite | Promise<OpenSuite>
}

/** A program or package that is not on this machine: the suite or comparison is skipped, loudly. */
export class MissingTool extends Error {
  override readonly name = 'MissingTool'
}
