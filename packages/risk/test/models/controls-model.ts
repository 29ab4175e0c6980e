import * as fc from 'fast-check'
import {
  type RiskEvent,
  type RiskState,
  apply,
  evaluate,
  initialRiskState,
  isCoolingDown,
  lossStreak,
  resolveLimits,
  tradesToday,
} from '../../src/index.ts'
import { ReferenceControls, type ReferenceLimits } from '../../src/testing/index.ts'
import { freshStates, requestOf } from '../fixtures.ts'

export type Transition = typeof apply

const MINUTE = 60_000
const START_CENTS = 3_000_000
const LIMITS = resolveLimits({ maxTradesPerDay: 5, executionThrottle: 6 })
const REFERENCE: ReferenceLimits = {
  drawdownPercent: 15,
  dailyLossPercent: 5,
  tradesPerDay: 5,
  lossStreak: 3,
  cooldownMs: 30 * MINUTE,
  throttle: 6,
  collarBreaches: 3,
  collarWindowMs: MINUTE,
  cleanPasses: 2,
}
const BLOCKS = new Set([
  ...['TRADING_STATE_REDUCING', 'EXECUTION_THROTTLE', 'DAILY_LOSS_LIMIT'],
  ...['MAX_TRADES_PER_DAY', 'COOLDOWN_ACTIVE'],
])

/** The engine under test: one scope's state, folded by the given transition, and everything that was stored of it. */
export interface Engine {
  transition: Transition
  now: number
  state: RiskState
  stored: RiskEvent[]
}

interface Model {
  now: number
  day: number
  reference: ReferenceControls
}

type Command = fc.Command<Model, Engine>

/** What happens: to the reference by its own words, to the engine as an event. */
interface Fact {
  name: string
  afterMs: number
  tell: (reference: ReferenceControls, at: number) => void
  event: (at: number, day: number) => RiskEvent
  rollsDay?: boolean
}

class FactCommand implements Command {
  readonly #fact: Fact

  constructor(fact: Fact) {
    this.#fact = fact
  }

  check(): boolean {
    return true
  }

  run(model: Model, engine: Engine): void {
    model.now += this.#fact.afterMs
    engine.now = model.now
    if (this.#fact.rollsDay === true) model.day += 1
    this.#fact.tell(model.reference, model.now)
    const event = this.#fact.event(model.now, model.day)
    const next = engine.transition(engine.state, event, LIMITS)
    if (next !== engine.state) engine.stored.push(event)
    engine.state = next
    compare(model, engine)
  }

  toString(): string {
    return `${this.#fact.name}+${this.#fact.afterMs / 1_000}s`
  }
}

/** Time goes by and nothing happens: a cooldown may end by that alone. */
class Wait implements Command {
  readonly #ms: number

  constructor(ms: number) {
    this.#ms = ms
  }

  check(): boolean {
    return true
  }

  run(model: Model, engine: Engine): void {
    model.now += this.#ms
    engine.now = model.now
    compare(model, engine)
  }

  toString(): string {
    return `wait ${this.#ms / 1_000}s`
  }
}

/** Everything that can be seen of a scope has to agree, and an exit has to pass whatever holds. */
function compare({ reference, now }: Model, { state }: Engine): void {
  const states = { ...freshStates(), strategy: state }
  const limits = { strategy: LIMITS, account: resolveLimits() }
  const entry = evaluate(requestOf({ now, signal: null }), states, limits)
  const exit = evaluate(
    requestOf({ now, signal: null, order: { side: 'SELL' }, books: { positionQuantity: '4' } }),
    states,
    limits,
  )
  const { losses, until } = reference.streak(now)
  assertSame(
    'blocks',
    entry.violations.map(({ code }) => code).filter((code) => BLOCKS.has(code)),
    [...reference.blocks(now)],
  )
  assertSame('an exit', exit.violations, [])
  assertSame('trades today', tradesToday(state), reference.tradesToday)
  assertSame('losses in a row', lossStreak(state, now), losses)
  assertSame('cooldown', isCoolingDown(state, now) ? state.cooldownUntil : null, until)
}

function assertSame(what: string, engine: unknown, reference: unknown): void {
  const [is, expected] = [JSON.stringify(engine), JSON.stringify(reference)]
  if (is !== expected) throw new Error(`${what}: the engine says ${is}, the reference ${expected}`)
}

const usd = (cents: number): string => (cents / 100).toFixed(2)

/** Mostly minutes, sometimes nothing or the edges of a window, sometimes a clock that steps back. */
const gap = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 * MINUTE }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 29 * MINUTE, 30 * MINUTE - 1, 30 * MINUTE, MINUTE) },
  { weight: 1, arbitrary: fc.integer({ min: -2 * MINUTE, max: -1 }) },
)
/** Around the limits of 5 % and 15 % of the start, to the cent. */
const equity = fc.oneof(
  fc.integer({ min: 2_400_000, max: 3_300_000 }),
  fc.constantFrom(2_550_000, 2_550_001, 2_850_000, 2_850_001, START_CENTS),
)
const result = fc.constantFrom(-1, -1, -1, -5_000, 0, 1, 20_000)
const orderId = fc.integer({ min: 0, max: 8 }).map(String)

const fact = (
  name: string,
  parts: fc.Arbitrary<Pick<Fact, 'tell' | 'event'>>,
  rollsDay = false,
): fc.Arbitrary<Command> =>
  fc.tuple(gap, parts).map(([afterMs, told]) => new FactCommand({ name, afterMs, ...told, rollsDay }))

const always = <T>(value: T): fc.Arbitrary<T> => fc.constant(value)

export const commands = fc.commands(
  [
    fact(
      'mark',
      equity.map((cents) => ({
        tell: (reference, at) => reference.marked(at, cents),
        event: (at) => ({ type: 'equity_marked', at, equity: usd(cents) }),
      })),
    ),
    fact(
      'close',
      result.map((cents) => ({
        tell: (reference, at) => reference.tradeClosed(at, cents),
        event: (at) => ({ type: 'trade_closed', at, netPnlUsd: usd(cents) }),
      })),
    ),
    fact(
      'entry',
      orderId.map((id) => ({
        tell: (reference, at) => reference.entryFilled(at, id),
        event: (at) => ({ type: 'entry_filled', at, orderId: id }),
      })),
    ),
    fact(
      'day roll',
      equity.map((cents) => ({
        tell: (reference, at) => reference.dayRolled(at, cents),
        event: (at, day) => ({ type: 'day_rolled', at, dayKey: `day ${day}`, equity: usd(cents) }),
      })),
      true,
    ),
    fact(
      'release',
      equity.map((cents) => ({
        tell: (reference, at) => reference.released(at, cents),
        event: (at) => ({ type: 'released', at, equity: usd(cents) }),
      })),
    ),
    fact(
      'breach',
      always({
        tell: (reference, at) => reference.collarBreached(at),
        event: (at) => ({ type: 'collar_breached', at }),
      }),
    ),
    fact(
      'execution',
      always({
        tell: (reference, at) => reference.executed(at),
        event: (at) => ({ type: 'executed', at }),
      }),
    ),
    fact(
      're-arm',
      always({
        tell: (reference, at) => reference.rearmed(at),
        event: (at) => ({ type: 'rearmed', at }),
      }),
    ),
    fact(
      'comparison',
      fc.boolean().map((matches) => ({
        tell: (reference, at) => reference.reconciled(at, matches),
        event: (at) => ({ type: 'reconciled', at, matches }),
      })),
    ),
    gap.map((ms) => new Wait(ms)),
  ],
  { maxCommands: 40 },
)

/** A scope and its reference, before anything happened. */
export function begin(transition: Transition): { model: Model; real: Engine } {
  const now = Date.parse('2026-01-07T15:00:00Z')
  const start = { equity: usd(START_CENTS), dayKey: 'day 0' }
  const state = initialRiskState('strategy:s:PAPER', start)
  return {
    model: { now, day: 0, reference: new ReferenceControls(REFERENCE, START_CENTS) },
    real: { transition, now, state, stored: [] },
  }
}

/** The state that the stored events alone lead to. */
export function replayed({ stored }: Engine): RiskState {
  return stored.reduce((state, event) => apply(state, event, LIMITS), begin(apply).real.state)
}
