import {
  type PastMarks,
  type PastTrade,
  replayTrades,
  type ReplayedHistory,
  RiskEngineGate,
} from '@quantdeck/backtest'
import {
  countBars,
  findGlobalLimits,
  findInstrument,
  listStrategyLimits,
  listTrades,
  loadBarColumns,
} from '@quantdeck/db'
import {
  AppError,
  DAY_MS,
  Decimal,
  ensureDefined,
  type Instrument,
  type Strategy,
  tradeNetPnlUsd,
  type TradingMode,
} from '@quantdeck/domain'
import type { LimitOverrides } from '@quantdeck/risk'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { requireStrategy } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { limitsOf, toOverrides } from '../../desk/load-books.ts'
import { requireResult, type RunResultView } from '../runs/operations-results.ts'
import { toRiskInstrument } from '../runs/prepare-run.ts'

export interface LimitsBacktestInput {
  strategyId: string
  /** Over those in force. */
  limits: LimitOverrides
  /** Trades of this backtest; null: those of the books. */
  runId: string | null
  mode: TradingMode
  /** Days, inclusive; null: without an end. */
  startDate: string | null
  endDate: string | null
}

export interface LimitsBacktest {
  strategyId: string
  runId: string | null
  capital: Decimal
  trades: PastTrade[]
  /** As it happened, and under the proposed limits. */
  without: ReplayedHistory
  with: ReplayedHistory
  notes: string[]
}

interface History {
  capital: Decimal
  trades: PastTrade[]
}

/** Above this the answer would keep the caller waiting. */
const MOST_BARS = 200_000

/**
 * Replays a strategy's closed trades under proposed limits. Nothing is changed.
 * @throws AppError NOT_FOUND, CONFLICT without a trade, VALIDATION_ERROR for a range with too many bars
 */
export async function backtestLimits(
  deps: Deps,
  actor: Actor,
  input: LimitsBacktestInput,
): Promise<LimitsBacktest> {
  requireRole(actor, 'viewer')
  const strategy = await requireStrategy(deps, actor, input.strategyId)
  const history = await historyOf(deps, actor, strategy, input)
  if (history.trades.length === 0) throw new AppError('CONFLICT', 'There is no closed trade in that history')
  const symbols = [...new Set(history.trades.map(({ symbol }) => symbol))]
  const instruments: Instrument[] = []
  for (const symbol of symbols)
    instruments.push(ensureDefined(await findInstrument(deps.db.kysely, symbol), symbol))
  const marks = await marksOf(deps, instruments, history.trades)
  const gate = await gateOf(deps, strategy, { ...input, capital: history.capital, instruments })
  const capital = history.capital.toFixed()
  return {
    strategyId: strategy.strategyId,
    runId: input.runId,
    capital: history.capital,
    trades: history.trades,
    without: replayTrades(history.trades, { capital, marks, gate: null }),
    with: replayTrades(history.trades, { capital, marks, gate }),
    notes: notesOf(history.trades),
  }
}

function notesOf(trades: readonly PastTrade[]): string[] {
  const bare = trades.filter(({ stopLoss }) => stopLoss === null).length
  return [
    'A refused entry takes its whole round trip out; sizes and prices of the others stay as they were.',
    ...(bare > 0
      ? [`${bare} of ${trades.length} trades had no stop: an assumed share of them is at risk`]
      : []),
  ]
}

function rangeOf({ startDate, endDate }: LimitsBacktestInput): { from: Date | null; to: Date | null } {
  return {
    from: startDate === null ? null : new Date(`${startDate}T00:00:00Z`),
    to: endDate === null ? null : new Date(Date.parse(`${endDate}T00:00:00Z`) + DAY_MS - 1),
  }
}

async function historyOf(
  deps: Deps,
  actor: Actor,
  strategy: Strategy,
  input: LimitsBacktestInput,
): Promise<History> {
  const { from, to } = rangeOf(input)
  const inRange = ({ entryTime }: PastTrade): boolean =>
    (from === null || entryTime >= from.getTime()) && (to === null || entryTime <= to.getTime())
  if (input.runId !== null) {
    const result = await requireResult(deps, actor, input.runId)
    if (result.run.strategyId !== strategy.strategyId)
      throw new AppError('VALIDATION_ERROR', 'The run is of another strategy', {
        details: [{ field: 'run_id', message: `The run is of ${result.run.strategyId}` }],
      })
    const trades = await tradesOfRun(deps, result)
    return { capital: result.run.initialCapital, trades: trades.filter(inRange) }
  }
  const closed = await listTrades(deps.db.kysely, {
    visible: [strategy.strategyId],
    mode: input.mode,
    ...(to !== null && { to: new Date(to.getTime() + DAY_MS) }),
    ...(from !== null && { from }),
  })
  const bySymbol = await instrumentsOf(deps, closed)
  const trades = closed.map((position): PastTrade => {
    // A closed position costs nothing any more: what its entries were worth follows from their size and price.
    const traded = position.closedQuantity.isZero() ? position.peakQuantity : position.closedQuantity
    return {
      symbol: position.symbol,
      side: position.side,
      quantity: position.peakQuantity.toFixed(),
      entryTime: position.openedAt.getTime(),
      exitTime: (position.closedAt ?? position.openedAt).getTime(),
      entryPrice: position.entryPrice.toFixed(),
      stopLoss: position.stopLoss?.toFixed() ?? null,
      confidence: 1,
      notional: notionalOf(ensureDefined(bySymbol.get(position.symbol), position.symbol), {
        quantity: traded.toFixed(),
        entryPrice: position.entryPrice.toFixed(),
      }),
      fees: position.feesUsd.toFixed(),
      pnl: tradeNetPnlUsd(position).toFixed(),
      isStopped: false,
    }
  })
  return { capital: strategy.allocatedCapital, trades: trades.filter(inRange) }
}

async function instrumentsOf(
  deps: Deps,
  trades: readonly { symbol: string }[],
): Promise<ReadonlyMap<string, Instrument>> {
  const bySymbol = new Map<string, Instrument>()
  for (const symbol of new Set(trades.map((trade) => trade.symbol)))
    bySymbol.set(symbol, ensureDefined(await findInstrument(deps.db.kysely, symbol), symbol))
  return bySymbol
}

async function tradesOfRun(deps: Deps, { trades }: RunResultView): Promise<PastTrade[]> {
  const bySymbol = await instrumentsOf(deps, trades)
  return trades.map((trade): PastTrade => {
    const instrument = ensureDefined(bySymbol.get(trade.symbol), trade.symbol)
    return {
      symbol: trade.symbol,
      side: trade.side === 'LONG' ? 'BUY' : 'SELL',
      quantity: trade.quantity,
      entryTime: trade.entryTime,
      exitTime: trade.exitTime,
      entryPrice: trade.entryPrice,
      // Runs of earlier versions kept neither.
      stopLoss: trade.stopLoss ?? null,
      confidence: trade.confidence ?? 1,
      notional: notionalOf(instrument, trade),
      fees: trade.fees,
      pnl: trade.pnl,
      isStopped: trade.exitReason === 'stop_loss',
    }
  })
}

/** Value in USD: a pair quoted the other way round is worth its units. */
function notionalOf(instrument: Instrument, trade: { quantity: string; entryPrice: string }): string {
  const units = new Decimal(trade.quantity).times(instrument.multiplier)
  return instrument.currency === 'USD' ? units.times(trade.entryPrice).toFixed() : units.toFixed()
}

/** Closes while trades were open. @throws AppError VALIDATION_ERROR when there are too many of them */
async function marksOf(
  deps: Deps,
  instruments: readonly Instrument[],
  trades: readonly PastTrade[],
): Promise<PastMarks[]> {
  const { kysely } = deps.db
  const marks: PastMarks[] = []
  let bars = 0
  for (const instrument of instruments) {
    const own = trades.filter(({ symbol }) => symbol === instrument.symbol)
    const from = new Date(Math.min(...own.map(({ entryTime }) => entryTime)))
    const to = new Date(Math.max(...own.map(({ exitTime }) => exitTime)))
    const series = { symbol: instrument.symbol, intervalSeconds: instrument.barIntervalSeconds }
    bars += await countBars(kysely, series, { from, to })
    if (bars > MOST_BARS) {
      const message = `More than ${MOST_BARS} bars between the first and the last trade: narrow the range`
      throw new AppError('VALIDATION_ERROR', message, { details: [{ field: 'start_date', message }] })
    }
    const columns = await loadBarColumns(kysely, series, { from, to })
    marks.push({
      symbol: instrument.symbol,
      t: columns.closedAtMs,
      close: columns.close,
      multiplier: instrument.multiplier.toNumber(),
      isInverse: instrument.currency !== 'USD',
    })
  }
  return marks
}

async function gateOf(
  deps: Deps,
  strategy: Strategy,
  plan: LimitsBacktestInput & { capital: Decimal; instruments: readonly Instrument[] },
): Promise<RiskEngineGate> {
  const { kysely } = deps.db
  const global = toOverrides(await findGlobalLimits(kysely))
  const own = toOverrides((await listStrategyLimits(kysely)).get(strategy.strategyId) ?? null)
  const universe = [...new Set([...strategy.universe, ...plan.instruments.map(({ symbol }) => symbol)])]
  const proposed = { ...own, ...plan.limits }
  const limits = limitsOf({ ...strategy, universe }, global, proposed)
  const share = plan.capital.div(deps.env.initialCapital).toNumber()
  return new RiskEngineGate({
    strategyId: strategy.strategyId,
    limits,
    accountLimits: limitsOf(
      { ...strategy, universe: [], maxPositions: limits.maxOpenPositions },
      global,
      plan.limits,
    ),
    instruments: plan.instruments.map(toRiskInstrument),
    allocation: plan.capital.toFixed(),
    accountShare: share > 0 && share < 1 ? share : 1,
  })
}
