import { curveMetrics, type RunMetrics, tradeFigures, tradeMetrics } from '@quantdeck/backtest'
import { findLastEquityPoint, listTrades, type Run, strategyScope, findStrategy } from '@quantdeck/db'
import { ensureDefined, type Position, tradeNetPnlUsd, type TradingMode } from '@quantdeck/domain'
import type { Deps } from '../../deps.ts'
import { tradeReturn } from '../../desk/valuation.ts'
import { instrumentMap } from '../orders/operations.ts'
import { equityWindow, sessionCloses } from '../performance/equity-curve.ts'
import { sessionDays } from '../performance/session-days.ts'

/** A session so far, from the books: its equity by day and its closed trades. */
export interface SessionResult {
  metrics: Pick<
    RunMetrics,
    | 'totalReturn'
    | 'cagr'
    | 'sharpe'
    | 'sortino'
    | 'maxDrawdown'
    | 'winRate'
    | 'profitFactor'
    | 'totalTrades'
    | 'averageTradeDurationHours'
  >
  curve: { date: string; equity: number }[]
  trades: Position[]
}

/** What a PAPER or LIVE session has brought from its opening to now (or to its close), computed from the books. */
export async function sessionResult(deps: Deps, run: Run): Promise<SessionResult> {
  const { kysely } = deps.db
  const mode = run.runType as TradingMode
  const from = run.createdAt
  const to = run.completedAt ?? deps.clock.now()
  const scope = strategyScope(run.strategyId, mode)
  const strategy = ensureDefined(await findStrategy(kysely, run.strategyId), run.strategyId)
  const before = {
    equity: run.initialCapital,
    realizedPnl: run.initialCapital,
    unrealizedPnl: run.initialCapital,
  }
  const last = (await findLastEquityPoint(kysely, scope, to)) ?? before
  const { points } = await equityWindow(kysely, scope, {
    window: { from, to },
    step: 'day',
    capital: run.initialCapital,
    now: { ...last, at: to },
  })
  const trades = await listTrades(kysely, { visible: [run.strategyId], mode, from, to })
  const instruments = await instrumentMap(deps)
  const traded = [...instruments.values()].filter(({ symbol }) => strategy.universe.includes(symbol))
  const closes = sessionCloses(points, sessionDays(traded, from, to))
  const published = curveMetrics(
    points.map(({ at, equity }) => ({ t: at.getTime(), equity: equity.toNumber() })),
  )
  const daily = curveMetrics(closes.map((equity, i) => ({ t: i, equity })))
  return {
    metrics: {
      ...tradeMetrics(
        tradeFigures(
          trades.map((trade) => ({
            pnl: tradeNetPnlUsd(trade).toFixed(),
            pnlPct: tradeReturn(trade, instruments),
            entryTime: trade.openedAt.getTime(),
            exitTime: (trade.closedAt ?? to).getTime(),
          })),
        ),
      ),
      totalReturn: published.totalReturn,
      cagr: published.cagr,
      maxDrawdown: published.maxDrawdown,
      sharpe: daily.sharpe,
      sortino: daily.sortino,
    },
    curve: points.map(({ at, equity }) => ({
      date: at.toISOString().slice(0, 10),
      equity: equity.toNumber(),
    })),
    trades,
  }
}
