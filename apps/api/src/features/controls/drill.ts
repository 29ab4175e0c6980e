import { SECOND_MS, type Strategy } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Deps } from '../../deps.ts'
import { type Books, findWorking, type StrategyBook } from '../../desk/books.ts'
import type { DeskContext } from '../../desk/context.ts'
import type { OrderDraft } from '../../desk/order-draft.ts'
import { submitOrder } from '../../desk/submit.ts'
import { isWaiting } from '../../desk/waiting.ts'
import type { DrillFiles, DrillReport, DrillRequest } from '../../latch/drill-files.ts'
import { within } from '../../within.ts'
import { DRILL } from './machine.ts'

const LOOK_MS = SECOND_MS / 2
/** Until orders rest at the broker, and until the broker has cancelled them. */
const ARRIVE_MS = 5 * SECOND_MS
const CANCEL_MS = 15 * SECOND_MS
/** Far enough from the market not to fill at once, near enough for the price collar. */
const AWAY = '0.97'

type DrillDeps = Pick<Deps, 'desk' | 'latch' | 'latchKeeper' | 'clock' | 'log'>

/** Does the drills that the command line asks for: stops paper strategies as in earnest, measures, and ends what it stopped. */
export class DrillWatch {
  readonly #deps: DrillDeps
  readonly #files: DrillFiles
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null

  constructor(deps: DrillDeps, files: DrillFiles) {
    this.#deps = deps
    this.#files = files
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.#look().finally(() => (this.#running = null))
    }, LOOK_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#running
  }

  async #look(): Promise<void> {
    try {
      const request = await this.#files.take()
      if (request !== null) await this.#files.keep(await drill(this.#deps, request))
    } catch (error) {
      this.#deps.log.error({ err: error }, 'a drill of the kill switch failed')
    }
  }
}

/** @returns what it found; a drill that could not be done says why in its note */
export async function drill(deps: DrillDeps, request: DrillRequest): Promise<DrillReport> {
  const { desk, latch, latchKeeper, clock } = deps
  const strategies = await drilled(deps, request)
  const empty = emptyReport(request, clock.now(), strategies)
  if (strategies.length === 0)
    return { ...empty, note: 'No such strategy is active in PAPER and free to trade' }
  await restOrders(deps, strategies)
  const working = await workingOf(deps, strategies)
  const startedAt = clock.now()
  const started = performance.now()
  const seconds = () => Math.round(performance.now() - started) / 1_000
  const held = strategies.map(({ strategyId }) =>
    latch.hold({
      ...{ scope: `strategy:${strategyId}`, level: 'HALTED', cause: DRILL, onActivate: 'cancel_all' },
      ...{ reason: `Drill ${request.id}`, activatedAt: startedAt },
      by: {
        label: request.askedBy,
        userId: null,
        apiKeyId: null,
        role: null,
        requestId: request.id,
        ip: null,
      },
    }),
  )
  try {
    await Promise.all(held.map(({ written }) => written))
    const onDisk = seconds()
    await desk.drainOwnSends()
    const carried = held.map(({ entry }) => latchKeeper.carry(entry))
    await Promise.all(carried.map(({ stored }) => stored))
    const stored = seconds()
    await within(Promise.all(carried.map(({ done }) => done)), CANCEL_MS)
    const after = await tryAfter(deps, strategies)
    const cancels = await watchCancels(deps, working, seconds)
    return reportOf(empty, { onDisk, stored, after, cancels, working: working.length })
  } finally {
    await Promise.all(held.map(({ entry }) => latchKeeper.endDrill(entry)))
  }
}

/** In PAPER, active, and not stopped already: a stop in earnest is nothing to practise on. */
async function drilled({ desk, latch }: DrillDeps, { strategyId }: DrillRequest): Promise<Strategy[]> {
  return desk.read('PAPER', (books) =>
    [...books.strategies.values()]
      .map(({ strategy }) => strategy)
      .filter(({ mode, status }) => mode === 'PAPER' && status === 'active')
      .filter((one) => strategyId === null || one.strategyId === strategyId)
      .filter((one) => !isStopped(books, latch.levels(), one)),
  )
}

function isStopped(books: Books, latched: ReadonlyMap<string, string>, { strategyId }: Strategy): boolean {
  return ['global', `strategy:${strategyId}`].some((scope) =>
    [books.killLevels, latched].some((levels) => (levels.get(scope) ?? 'ACTIVE') !== 'ACTIVE'),
  )
}

/** One small order of each strategy that rests below the market, so that there is something to cancel. */
async function restOrders({ desk, clock }: DrillDeps, strategies: readonly Strategy[]): Promise<void> {
  const placed = await desk.run('PAPER', (ctx) =>
    strategies.flatMap((strategy) => {
      const book = ctx.books.strategies.get(strategy.strategyId)
      const draft = book && restingDraft(ctx, book)
      return book && draft ? [submitOrder(ctx, book, draft).order.orderId] : []
    }),
  )
  const until = clock.nowMs() + ARRIVE_MS
  const isOnItsWay = (books: Books) =>
    placed.some((id) => {
      const order = findWorking(books, id)?.order
      return order?.status === 'PENDING' && !isWaiting(books, order)
    })
  while (clock.nowMs() < until && (await desk.read('PAPER', isOnItsWay))) await pause(20)
}

function restingDraft({ books }: DeskContext, { strategy }: StrategyBook): OrderDraft | null {
  for (const symbol of strategy.universe) {
    const instrument = books.instruments.get(symbol)
    const mark = books.marks.get(symbol)
    if (!instrument || !mark) continue
    const { tickSize } = instrument
    return {
      ...{ strategyId: strategy.strategyId, symbol, side: 'BUY', quantity: instrument.minQuantity },
      ...{ orderType: 'LIMIT', limitPrice: mark.price.times(AWAY).div(tickSize).floor().times(tickSize) },
      ...{ stopPrice: null, timeInForce: 'GTC', origin: 'api', isEntry: true, reduceOnly: false },
      ...{ stopLoss: null, takeProfit: null, signalId: null, allowDuplicate: true },
      clientOrderId: `drill-${randomUUID()}`,
    }
  }
  return null
}

/** What a stop has to cancel: everything but the stops and targets that protect a position. */
async function workingOf({ desk }: DrillDeps, strategies: readonly Strategy[]): Promise<string[]> {
  const ids = new Set(strategies.map(({ strategyId }) => strategyId))
  return desk.read('PAPER', (books) =>
    [...books.strategies.values()]
      .filter(({ strategy }) => ids.has(strategy.strategyId))
      .flatMap(({ working }) => [...working.values()])
      .filter(
        ({ ocoGroupId, orderType, isEntry }) => isEntry || (ocoGroupId === null && orderType !== 'STOP'),
      )
      .map(({ orderId }) => orderId),
  )
}

/** Orders after the acknowledgement: not one of them may pass. */
async function tryAfter({ desk }: DrillDeps, strategies: readonly Strategy[]): Promise<DrillReport['after']> {
  return desk.run('PAPER', (ctx) => {
    const after = { given: 0, refused: 0 }
    for (const { strategyId } of strategies) {
      const book = ctx.books.strategies.get(strategyId)
      const draft = book && restingDraft(ctx, book)
      if (!book || !draft) continue
      after.given += 1
      if (submitOrder(ctx, book, draft).order.status === 'REJECTED') after.refused += 1
    }
    return after
  })
}

/** Seconds after which an order had ended, by its id. */
type Ends = Map<string, number>

/** When each of the orders has ended, seen in the books. */
async function watchCancels(
  { desk, clock }: DrillDeps,
  orderIds: readonly string[],
  seconds: () => number,
): Promise<{ ended: Ends; left: number }> {
  const ended: Ends = new Map()
  const until = clock.nowMs() + CANCEL_MS
  for (;;) {
    const open = await desk.read('PAPER', (books) => orderIds.filter((id) => findWorking(books, id) !== null))
    for (const id of orderIds) if (!open.includes(id) && !ended.has(id)) ended.set(id, seconds())
    if (open.length === 0 || clock.nowMs() >= until) return { ended, left: open.length }
    await pause(5)
  }
}

interface Found {
  onDisk: number
  stored: number
  after: DrillReport['after']
  cancels: { ended: Ends; left: number }
  working: number
}

function reportOf(empty: DrillReport, { onDisk, stored, after, cancels, working }: Found): DrillReport {
  const ends = [...cancels.ended.values()]
  const passed = cancels.left === 0 && after.refused === after.given
  return {
    ...empty,
    orders: { working, ended: ends.length, left: cancels.left },
    seconds: {
      on_disk: onDisk,
      stored,
      first_cancel: ends.length === 0 ? null : Math.min(...ends),
      last_cancel: ends.length === 0 ? null : Math.max(...ends),
    },
    after,
    passed,
    note: passed ? '' : 'Orders were left, or one passed after the stop: look at the log of the server',
  }
}

function emptyReport({ id, askedBy }: DrillRequest, at: Date, strategies: readonly Strategy[]): DrillReport {
  return {
    drill_id: id,
    started_at: at.toISOString(),
    asked_by: askedBy,
    strategies: strategies.map(({ strategyId }) => strategyId),
    orders: { working: 0, ended: 0, left: 0 },
    seconds: { on_disk: null, stored: null, first_cancel: null, last_cancel: null },
    after: { given: 0, refused: 0 },
    passed: false,
    note: '',
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
