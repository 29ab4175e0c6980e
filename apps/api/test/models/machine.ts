import * as fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'

/** A reference: values in, values out, written from the specification and not from the product. */
export interface Machine<State, Act> {
  begin(): State
  step(state: State, act: Act): { state: State; answer: unknown }
  /** What can be seen of the product in this state. */
  view(state: State): unknown
}

/** The product behind one of its doors. */
export interface Product<Act> {
  act(act: Act): Promise<unknown>
  view(): Promise<unknown>
}

/** One act after the other: each answer, and what can be seen afterwards, has to be what the reference says. */
export async function follow<State, Act>(
  machine: Machine<State, Act>,
  product: Product<Act>,
  acts: readonly Act[],
): Promise<State> {
  let state = machine.begin()
  for (const [index, act] of acts.entries()) {
    const expected = machine.step(state, act)
    state = expected.state
    const what = `${index + 1}. ${JSON.stringify(act)}`
    assertSame(`the answer to ${what}`, await product.act(act), expected.answer)
    assertSame(`the state after ${what}`, await product.view(), machine.view(state))
  }
  return state
}

function assertSame(what: string, is: unknown, expected: unknown): void {
  if (isDeepStrictEqual(is, expected)) return
  throw new Error(`${what}: the product says ${JSON.stringify(is)}, the model ${JSON.stringify(expected)}`)
}

/** An act, what it was answered, and between which two moments it happened. */
interface Call<Act> {
  act: Act
  answer: unknown
  from: number
  to: number
}

/** What Postgres says when a row was not to be had within `lock_timeout`. */
const LOCK_NOT_AVAILABLE = '55P03'

/** On a machine that has no time a row may be waited for too long: such a history shows nothing, and is drawn anew. */
export async function inTime<T>(play: () => Promise<T>): Promise<T> {
  try {
    return await play()
  } catch (error) {
    fc.pre((error as { code?: string }).code !== LOCK_NOT_AVAILABLE)
    throw error
  }
}

/** Where a statement waits for its turn; outside of an interleaving it does not. */
export class Gate {
  #scheduler: fc.Scheduler | null = null

  async pass(what: string): Promise<void> {
    await this.#scheduler?.schedule(Promise.resolve(), what)
  }

  /** All acts at once; the scheduler says whose next statement goes to the database. */
  async together<Act>(
    scheduler: fc.Scheduler,
    product: Product<Act>,
    acts: readonly Act[],
  ): Promise<Call<Act>[]> {
    let moment = 0
    this.#scheduler = scheduler
    try {
      const calls = acts.map(async (act) => {
        await this.pass(JSON.stringify(act))
        const from = (moment += 1)
        const answer = await product.act(act)
        return { act, answer, from, to: (moment += 1) }
      })
      const settled = await scheduler.waitFor(Promise.allSettled(calls))
      return settled.map((one) => {
        if (one.status === 'fulfilled') return one.value
        throw one.reason as Error
      })
    } finally {
      this.#scheduler = null
    }
  }
}

/**
 * Do the answers and what can be seen now follow from the acts one after the other, in some order in which nothing comes
 * before what had ended when it began? (Herlihy and Wing, Linearizability, 1990.)
 */
export function assertLinearizable<State, Act>(
  machine: Machine<State, Act>,
  before: State,
  calls: readonly Call<Act>[],
  view: unknown,
): void {
  if (explains({ machine, view, seen: new Set() }, before, calls)) return
  throw new Error(
    `no order explains ${JSON.stringify(calls)}, after which the product shows ${JSON.stringify(view)}`,
  )
}

interface Search<State, Act> {
  machine: Machine<State, Act>
  /** What the product shows in the end. */
  view: unknown
  /** What was tried in vain: many orders lead to the same state with the same calls left. */
  seen: Set<string>
}

function explains<State, Act>(search: Search<State, Act>, state: State, left: readonly Call<Act>[]): boolean {
  const { machine, view, seen } = search
  if (left.length === 0) return isDeepStrictEqual(machine.view(state), view)
  const place = JSON.stringify([state, left])
  if (seen.has(place)) return false
  seen.add(place)
  return left.some((call) => {
    if (left.some((other) => other.to < call.from)) return false
    const { state: next, answer } = machine.step(state, call.act)
    if (!isDeepStrictEqual(answer, call.answer)) return false
    return explains(
      search,
      next,
      left.filter((other) => other !== call),
    )
  })
}

/** How much of it: a little in the suite, `pnpm test:soak models-oversight` sets the full counts. */
export interface Counts {
  pure: number
  http: number
  interleavings: number
  seed: number
}

function given(name: string, fallback: number): number {
  // oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
  return Number(process.env[name] ?? fallback)
}

export const COUNTS: Counts = {
  pure: given('OVERSIGHT_MODEL_RUNS', 1_000),
  http: given('OVERSIGHT_HTTP_RUNS', 3),
  interleavings: given('OVERSIGHT_INTERLEAVINGS', 10),
  seed: given('OVERSIGHT_MODEL_SEED', 20_260_107),
}

/** Opening a world takes seconds, or minutes where others use the machine. */
export const OPENING_MS = 300_000

/** The time that so many runs may take, also where others use the machine. */
export function longer(runs: number): number {
  return 60_000 + runs * 20_000
}
