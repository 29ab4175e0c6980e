import { deck, type DeckSignalInput, toSignalItems } from '@quantdeck/contracts'
import { Decimal, formatInstant, withinPlaces } from '@quantdeck/domain'
import { type Handler, implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { listSignals, type PostedSignal, postSignals } from './operations.ts'
import { presentResult, presentSignal } from './present-rl.ts'

/** One page; the export of the whole list is made of the same. */
export const signalPage: Handler<typeof deck.signals.list> = async ({ deps, actor, input }) => {
  const { page, per_page, strategy_id, symbol, signal, outcome, from_date, to_date } = input
  const found = await listSignals(deps, actor, {
    strategyId: strategy_id,
    symbol,
    signal,
    outcome,
    ...dateRange(from_date, to_date),
    page,
    perPage: per_page,
  })
  return {
    data: found.signals.map((one) => presentSignal(one, found.instruments)),
    meta: { total_count: found.totalCount, page, per_page },
  }
}

export const signalsDeck = {
  post: implement(deck.signals.post, async ({ deps, actor, input }) => {
    const results = await postSignals(deps, actor, toSignalItems(input).map(toPosted))
    return { timestamp: formatInstant(deps.clock.now()), results: results.map(presentResult) }
  }),
  list: implement(deck.signals.list, signalPage),
} satisfies Implements<typeof deck.signals>

function toPosted(item: DeckSignalInput): PostedSignal {
  return {
    strategyId: item.strategy_code,
    symbol: item.symbol,
    signal: item.signal,
    confidence: item.confidence,
    size: item.size,
    entryPrice: decimal(item.entry_price),
    stopLoss: decimal(item.stop_loss),
    takeProfit: decimal(item.take_profit),
    reasoning: item.reasoning ?? '',
    signalAt: item.timestamp === undefined ? null : new Date(item.timestamp),
    clientSignalId: item.client_signal_id ?? null,
  }
}

/** The shortest decimal that is this number: what the client wrote, but for what a float adds beyond any price. */
function decimal(value: number | undefined): Decimal | null {
  return value === undefined ? null : withinPlaces(new Decimal(String(value)))
}
