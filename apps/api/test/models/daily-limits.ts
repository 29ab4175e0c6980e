import { insertInstrument, insertStrategy, type Database } from '@quantdeck/db'
import { type DatabaseKind } from '@quantdeck/db'
import { hookedDatabase } from '@quantdeck/db/testing'
import { Decimal, type OrderSide, VirtualClock } from '@quantdeck/domain'
import { ReferenceControls, type ReferenceLimits } from '@quantdeck/risk/testing'
import * as fc from 'fast-check'
import { onQuote } from '../../src/desk/quote-flow.ts'
import { draftOf, order, setLimits, switchTo } from '../desk/acts.ts'
import { bookIn } from '../desk/facts.ts'
import {
  ACME,
  type DeskHouse,
  type DeskProcess,
  NOON,
  openDesk,
  openDeskHouse,
  strategy,
  wipe,
} from '../desk/house.ts'
import type { Gate, Machine, Product } from './machine.ts'

const MINUTE = 60_000
const ALLOCATION_CENTS = 3_000_000
const ACCOUNT_CENTS = 10_000_000
const TRADES_PER_DAY = 5
const QUANTITY = 40
/** Bought, sold at a loss, and held while its price falls. */
const SYMBOLS = ['ACME', 'BETA', 'GAMMA'] as const
type Symbol = (typeof SYMBOLS)[number]

const LIMITS: ReferenceLimits = {
  drawdownPercent: 50,
  dailyLossPercent: 5,
  tradesPerDay: TRADES_PER_DAY,
  lossStreak: 2,
  cooldownMs: 30 * MINUTE,
  throttle: null,
  collarBreaches: 3,
  collarWindowMs: MINUTE,
  cleanPasses: 2,
}

/** What several processes may do at once. An order's end is a second event: filled, or stopped on its way by a halt. */
export type LimitAct =
  | { type: 'order'; id: string; desk: number; symbol: Symbol; side: OrderSide }
  | { type: 'fill'; id: string; symbol: Symbol; side: OrderSide }
  | { type: 'stopped'; id: string }
  | { type: 'fall'; desk: number }
  | { type: 'halt' }

type Fact =
  | { at: number; entry: string }
  | { at: number; lossCents: number }
  | { at: number; equityLoss: number }

export interface LimitState {
  facts: readonly Fact[]
  isHalted: boolean
  /** Accepted and not filled yet. */
  open: readonly { id: string; side: OrderSide }[]
}

/** BETA is bought and sold for 10 USD less a unit; GAMMA falls by 40 USD a unit, which is more than 5 % of the allocation. */
const LOSS_CENTS = 10 * QUANTITY * 100
const FALL_CENTS = 40 * QUANTITY * 100
const FALLEN = 60
const RACE_AT = NOON.getTime() + 11 * MINUTE

/** @param countsWorking whether entries that are on their way count for the day: a product that forgets them must be found */
export function limitsReference(before: LimitState, countsWorking = true): Machine<LimitState, LimitAct> {
  return {
    begin: () => before,
    step: (state, act) => {
      if (act.type !== 'order') {
        const next = afterEvent(state, act)
        return { state: next ?? state, answer: next === null ? 'impossible' : null }
      }
      const answer =
        act.side === 'BUY' ? refusals(state, countsWorking) : state.isHalted ? ['TRADING_HALTED'] : []
      const open = [...state.open, { id: act.id, side: act.side }].sort((a, b) => a.id.localeCompare(b.id))
      return { state: answer.length > 0 ? state : { ...state, open }, answer }
    },
    view: (state) => viewOf(state),
  }
}

function afterEvent(state: LimitState, act: Exclude<LimitAct, { type: 'order' }>): LimitState | null {
  switch (act.type) {
    case 'halt':
      return { ...state, isHalted: true }
    case 'fall':
      return withFact(state, { at: RACE_AT, equityLoss: FALL_CENTS })
    case 'fill':
      return ended(withFact(state, factOf(act)), act.id, true)
    case 'stopped':
      // Nothing but a halt keeps an accepted order from being sent.
      return ended(state, act.id, state.isHalted)
  }
}

function factOf({ id, side }: { id: string; side: OrderSide }): Fact {
  return side === 'BUY' ? { at: RACE_AT, entry: id } : { at: RACE_AT, lossCents: LOSS_CENTS }
}

function ended(state: LimitState, id: string, isPossible: boolean): LimitState | null {
  const order = state.open.find((open) => open.id === id)
  if (!isPossible || order === undefined) return null
  return { ...state, open: state.open.filter((open) => open !== order) }
}

/** All of a race happens in the same instant: in an order of their own, equal facts are equal states. */
function withFact(state: LimitState, fact: Fact): LimitState {
  const [morning, race] = [
    state.facts.filter(({ at }) => at < RACE_AT),
    state.facts.filter(({ at }) => at >= RACE_AT),
  ]
  const sorted = [...race, fact].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  return { ...state, facts: [...morning, ...sorted] }
}

/** The controls of a scope after all that has happened. */
function controlsOf(facts: readonly Fact[], startCents: number): ReferenceControls {
  const controls = new ReferenceControls(LIMITS, startCents)
  let equity = startCents
  for (const fact of facts) {
    if ('entry' in fact) controls.entryFilled(fact.at, fact.entry)
    else if ('lossCents' in fact) controls.tradeClosed(fact.at, -fact.lossCents)
    else controls.marked(fact.at, (equity -= fact.equityLoss))
  }
  return controls
}

const scopesOf = ({ facts }: LimitState) =>
  [ALLOCATION_CENTS, ACCOUNT_CENTS].map((start) => controlsOf(facts, start))

function refusals(state: LimitState, countsWorking: boolean): string[] {
  const working = countsWorking ? state.open.filter(({ side }) => side === 'BUY').length : 0
  const codes = scopesOf(state).flatMap((controls): string[] => {
    const isFull = controls.tradesToday + working >= TRADES_PER_DAY
    return [...controls.blocks(RACE_AT), ...(isFull ? ['MAX_TRADES_PER_DAY'] : [])]
  })
  return [...new Set(state.isHalted ? [...codes, 'TRADING_HALTED'] : codes)].sort()
}

function viewOf(state: LimitState): unknown {
  const scopes = scopesOf(state).map((controls) => {
    const { losses, until } = controls.streak(RACE_AT)
    return {
      trades: controls.tradesToday,
      losses,
      until,
      isOverDailyLoss: controls.isOverDailyLoss,
    }
  })
  return { scopes, open: state.open.map(({ id }) => id).sort() }
}

/** What came before, one after the other: entries, a first loss, and what is held when the race begins. */
export interface Morning {
  entries: number
}

/** Two processes over one database, each of whose statements waits at a gate. */
export class LimitsWorld implements Product<LimitAct> {
  readonly #house: DeskHouse
  readonly #gated: Database
  #desks: DeskProcess[] = []
  #clock = new VirtualClock(NOON)

  private constructor(house: DeskHouse, gated: Database) {
    this.#house = house
    this.#gated = gated
  }

  /** @param forgetsLocks a product that takes no row lock */
  static async open(engine: DatabaseKind, gate: Gate, forgetsLocks = false): Promise<LimitsWorld> {
    const house = await openDeskHouse(engine)
    for (const symbol of ['BETA', 'GAMMA']) await insertInstrument(house.db.kysely, { ...ACME, symbol })
    const gated = hookedDatabase(house.db, {
      around: async (run, what) => {
        await gate.pass(what)
        return run()
      },
      ...(forgetsLocks && {
        rewrite: (query) => ({
          ...query,
          sql: query.sql.replace(/ for (?:no key )?update(?: of "\w+")?$/m, ''),
        }),
      }),
    })
    return new LimitsWorld(house, gated)
  }

  /** The morning of a new day. @returns what the reference knows of it */
  async begin({ entries }: Morning): Promise<LimitState> {
    await wipe(this.#house.db)
    const universe = [...SYMBOLS]
    await insertStrategy(this.#house.db.kysely, strategy({ universe, maxPositions: 10 }))
    await setLimits(this.#house, {
      maxTradesPerDay: TRADES_PER_DAY,
      lossStreak: LIMITS.lossStreak,
      maxDrawdown: '0.5',
    })
    this.#clock = new VirtualClock(NOON)
    this.#desks = [openDesk(this.#gated, this.#clock), openDesk(this.#gated, this.#clock)]
    const facts: Fact[] = []
    const enter = async (symbol: Symbol, id: string) => {
      await this.#trade(0, id, symbol, 'BUY')
      facts.push({ at: this.#clock.nowMs(), entry: id })
    }
    for (let n = 0; n < entries; n += 1) {
      await this.#prices()
      await enter('ACME', `morning ${n}`)
    }
    await this.#prices()
    await enter('BETA', 'first loss')
    await this.#prices({ BETA: 90 })
    await this.#trade(0, 'first exit', 'BETA', 'SELL')
    facts.push({ at: this.#clock.nowMs(), lossCents: LOSS_CENTS })
    facts.push({ at: this.#clock.nowMs(), equityLoss: LOSS_CENTS })
    await this.#prices()
    await enter('BETA', 'second loss')
    await this.#prices()
    await enter('GAMMA', 'held')
    await this.#prices({ BETA: 90 })
    facts.push({ at: this.#clock.nowMs(), equityLoss: LOSS_CENTS })
    this.#clock.advanceTo(new Date(RACE_AT - MINUTE))
    await this.#prices({ BETA: 90 })
    return { facts, isHalted: false, open: [] }
  }

  async act(act: LimitAct): Promise<unknown> {
    if (act.type === 'order') return this.#trade(act.desk, act.id, act.symbol, act.side)
    if (act.type === 'halt') {
      await switchTo({ db: this.#gated, clock: this.#clock }, 'global', 'HALTED')
      return null
    }
    if (act.type === 'fall') {
      await this.#quote(act.desk, { GAMMA: FALLEN })
      return null
    }
    throw new Error('orders end by themselves')
  }

  /** What both processes remember of the controls, and which orders are open. */
  async view(): Promise<unknown> {
    const views = []
    for (const { desk } of this.#desks) {
      views.push(
        await desk.read('PAPER', (books) => ({
          scopes: [bookIn(books).risk, books.risk].map((risk) => ({
            trades: risk.entryOrderIds.length,
            losses: risk.consecutiveLosses,
            until: risk.cooldownUntil,
            isOverDailyLoss: risk.dailyLossBlockedAt !== null,
          })),
          open: [...bookIn(books).working.values()].map((working) => working.clientOrderId).sort(),
        })),
      )
    }
    const [first, second] = views.map((view) => JSON.stringify(view))
    if (first !== second) throw new Error(`one process says ${first}, the other ${second}`)
    return views[0]
  }

  /** How an accepted order ended. */
  async end(accepted: LimitAct & { type: 'order' }): Promise<LimitAct> {
    const { id, symbol, side } = accepted
    const row = await this.#house.db.kysely
      .selectFrom('orders')
      .select('filledQuantity')
      .where('clientOrderId', '=', id)
      .executeTakeFirstOrThrow()
    return Number(row.filledQuantity) > 0 ? { type: 'fill', id, symbol, side } : { type: 'stopped', id }
  }

  async close(): Promise<void> {
    await this.#house.close()
  }

  #desk(index: number): DeskProcess {
    const desk = this.#desks[index]
    if (desk === undefined) throw new Error(`no desk ${index}`)
    return desk
  }

  /** A minute later every price is fresh: at both brokers, and on the desk of one process. */
  async #prices(over: Partial<Record<Symbol, number>> = {}): Promise<void> {
    this.#clock.advanceBy(MINUTE)
    await this.#quote(0, { ACME: 100, BETA: 100, GAMMA: 100, ...over })
  }

  async #quote(index: number, prices: Partial<Record<Symbol, number>>): Promise<void> {
    const at = this.#clock.now()
    const quotes = Object.entries(prices).map(([symbol, value]) => ({
      symbol,
      price: new Decimal(value),
      at,
    }))
    for (const { broker } of this.#desks) {
      for (const quote of quotes) await broker.quote(quote)
    }
    await this.#desk(index).desk.run('PAPER', (ctx) => {
      for (const quote of quotes) onQuote(ctx, quote)
    })
  }

  /** @returns why it was refused; nothing: it was accepted, and its fill is booked */
  async #trade(index: number, id: string, symbol: Symbol, side: OrderSide): Promise<string[]> {
    const process = this.#desk(index)
    const draft = draftOf(side, QUANTITY, { symbol, isEntry: side === 'BUY', reduceOnly: side === 'SELL' })
    const { verdict } = await order(process, { ...draft, clientOrderId: id, allowDuplicate: true })
    await process.desk.drainSends()
    return [...new Set(verdict.violations.map(({ code }) => code))].sort()
  }
}

const desk = fc.nat({ max: 1 })

export interface Race {
  morning: Morning
  acts: LimitAct[]
}

/** Entries while the second loss is taken, a price falls and somebody pulls the plug. */
export const races: fc.Arbitrary<Race> = fc.record({
  morning: fc.record({ entries: fc.nat({ max: 2 }) }),
  acts: fc
    .tuple(
      fc.array(desk, { minLength: 1, maxLength: 3 }),
      fc.option(desk, { nil: null }),
      fc.option(desk, { nil: null, freq: 2 }),
      fc.boolean(),
    )
    .map(([entries, exit, fall, halts]): LimitAct[] => [
      ...entries.map((at, n): LimitAct => ({
        type: 'order',
        id: `entry ${n}`,
        desk: at,
        symbol: 'ACME',
        side: 'BUY',
      })),
      ...(exit === null
        ? []
        : [{ type: 'order', id: 'second exit', desk: exit, symbol: 'BETA', side: 'SELL' } as const]),
      ...(fall === null ? [] : [{ type: 'fall', desk: fall } as const]),
      ...(halts ? [{ type: 'halt' } as const] : []),
    ]),
})
