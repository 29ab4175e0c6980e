import {
  createStrategy,
  isReferenceModelType,
  type StrategyBar,
  type StrategyDecision,
  type StrategyInstance,
} from '@quantdeck/backtest'
import { listLatestBars, type Queryable } from '@quantdeck/db'
import { type Bar, Decimal, type Instrument, type Strategy } from '@quantdeck/domain'
import type { StrategyBook } from './books.ts'
import type { DeskContext } from './context.ts'
import { onSignal, type SignalInput } from './signal-flow.ts'

interface Running {
  /** A new configuration is a new strategy object. */
  version: number
  instance: StrategyInstance
  /** Close of the last bar it has seen, so that no bar is fed twice. */
  seenUntil: number
}

/**
 * The reference strategies that run inside, one object per strategy and symbol: the same objects that backtests use.
 * After a restart each is warmed up with stored bars before it sees the next one.
 */
export class ReferenceRunner {
  readonly #running = new Map<string, Running>()

  /** Feeds a finished bar to the strategies that trade its symbol, and sends what they decide through the pipeline. */
  async onBar(ctx: DeskContext, db: Queryable, bar: Bar): Promise<void> {
    const instrument = ctx.books.instruments.get(bar.symbol)
    if (!instrument || bar.intervalSeconds !== instrument.barIntervalSeconds) return
    for (const book of ctx.books.strategies.values()) {
      const decision = await this.#decide(db, book, bar)
      if (decision) onSignal(ctx, book, toSignal(book.strategy, instrument, bar, decision))
    }
  }

  async #decide(db: Queryable, book: StrategyBook, bar: Bar): Promise<StrategyDecision | null> {
    const { strategy } = book
    if (!strategy.universe.includes(bar.symbol)) return null
    const running = await this.#instanceOf(db, strategy, bar)
    if (!running || running.seenUntil >= bar.closedAt.getTime()) return null
    running.seenUntil = bar.closedAt.getTime()
    const position = book.open.get(bar.symbol)?.quantity.toNumber() ?? 0
    return running.instance.onBar(toStrategyBar(bar), { position })
  }

  async #instanceOf(db: Queryable, strategy: Strategy, bar: Bar): Promise<Running | null> {
    const modelType = strategy.config['model_type']
    if (!isReferenceModelType(modelType)) return null
    const key = `${strategy.strategyId} ${bar.symbol}`
    const known = this.#running.get(key)
    if (known && known.version === strategy.version) return known
    const instance = createStrategy(modelType, strategy.config)
    if (!instance) return null
    const running: Running = { version: strategy.version, instance, seenUntil: 0 }
    await warmUp(db, running, bar)
    this.#running.set(key, running)
    return running
  }
}

async function warmUp(db: Queryable, running: Running, bar: Bar): Promise<void> {
  const before = new Date(bar.openedAt.getTime() - 1)
  const bars = await listLatestBars(db, bar, running.instance.warmupBars, before)
  for (const earlier of bars) {
    running.instance.onBar(toStrategyBar(earlier), { position: 0 })
    running.seenUntil = earlier.closedAt.getTime()
  }
}

function toStrategyBar(bar: Bar): StrategyBar {
  return {
    t: bar.openedAt.getTime(),
    closeT: bar.closedAt.getTime(),
    open: bar.open.toNumber(),
    high: bar.high.toNumber(),
    low: bar.low.toNumber(),
    close: bar.close.toNumber(),
    volume: bar.volume.toNumber(),
  }
}

function toSignal(
  strategy: Strategy,
  instrument: Instrument,
  bar: Bar,
  decision: StrategyDecision,
): SignalInput {
  const onTick = (price: number | undefined) =>
    price === undefined ? null : new Decimal(price).toNearest(instrument.tickSize)
  return {
    strategyId: strategy.strategyId,
    symbol: bar.symbol,
    signal: decision.signal,
    confidence: decision.confidence,
    size: decision.size,
    entryPrice: bar.close,
    stopLoss: onTick(decision.stopLoss),
    takeProfit: onTick(decision.takeProfit),
    reasoning: decision.reasoning,
    signalAt: bar.closedAt,
    clientSignalId: null,
    source: 'reference',
  }
}
