import { Decimal } from '@quantdeck/domain'
import type { StrategyBook } from '../desk/books.ts'
import type { DeskContext } from '../desk/context.ts'
import { onSignal } from '../desk/signal-flow.ts'
import { STAND_INS } from './catalog.ts'
import { ModelStandIn, type StandInAnswer, type StandInSnapshot } from './model-stand-in.ts'

/** The demo's model stand-ins, each speaking for one strategy. */
export class DemoModels {
  readonly #models: ReadonlyMap<string, ModelStandIn>

  constructor() {
    this.#models = new Map(Object.entries(STAND_INS).map(([id, options]) => [id, new ModelStandIn(options)]))
  }

  get strategyIds(): string[] {
    return [...this.#models.keys()]
  }

  snapshot(): Record<string, StandInSnapshot> {
    return Object.fromEntries([...this.#models].map(([id, model]) => [id, model.snapshot()]))
  }

  restore(snapshots: Record<string, StandInSnapshot>): void {
    for (const [id, model] of this.#models) {
      const snapshot = snapshots[id]
      if (snapshot) model.restore(snapshot)
    }
  }

  speakFaster(factor: number): void {
    for (const model of this.#models.values()) model.speakFaster(factor)
  }

  /**
   * Lets one model speak: an inference, and a signal through the pipeline. Its strategy's own account hears it; a
   * strategy that trades in none is heard in the PAPER account.
   */
  speak(ctx: DeskContext, strategyId: string, price: Decimal, session: string): void {
    const model = this.#models.get(strategyId)
    const book = ctx.books.strategies.get(strategyId)
    if (!model || !book) return
    const isHeardHere = (book.strategy.mode === 'LIVE') === (ctx.books.mode === 'LIVE')
    if (!isHeardHere) return
    const held = book.open.get('USD/COP')?.quantity.toNumber() ?? 0
    const answer = model.onPrice(price.toNumber(), held, session)
    ctx.changes.inferences.push({ strategyId, action: answer.action, inferredAt: ctx.at })
    // A model that a person moved to BACKTEST or switched off goes on thinking, but the demo posts nothing for it.
    if (book.strategy.mode === ctx.books.mode && book.strategy.status === 'active')
      post(ctx, book, price, answer)
  }
}

function post(ctx: DeskContext, book: StrategyBook, price: Decimal, answer: StandInAnswer): void {
  const decimal = (value: number | null) => (value === null ? null : new Decimal(value))
  onSignal(ctx, book, {
    strategyId: book.strategy.strategyId,
    symbol: 'USD/COP',
    signal: answer.signal,
    confidence: answer.confidence,
    size: answer.size,
    entryPrice: price,
    stopLoss: decimal(answer.stopLoss),
    takeProfit: decimal(answer.takeProfit),
    reasoning: answer.reasoning,
    signalAt: ctx.at,
    clientSignalId: null,
    source: 'demo',
  })
}
