import type { DeniedTrade, PastTrade, ReplayedHistory } from '@quantdeck/backtest'
import type { deck, OutputOf } from '@quantdeck/contracts'
import { Decimal, formatFixed, formatInstant, formatPercent } from '@quantdeck/domain'
import { profitFactor, winRate } from '@quantdeck/risk'
import { figure } from '../runs/figures.ts'
import type { LimitsBacktest } from './operations.ts'

type Wire = OutputOf<typeof deck.limitsBacktests.run>['data']

const MOST_DENIED = 500
const MOST_EVENTS = 200

const money = (value: Decimal | number): string => formatFixed(new Decimal(value), 2)
const at = (t: number): string => formatInstant(new Date(t))
const pnlOf = (trades: readonly PastTrade[]): Decimal =>
  trades.reduce((sum, { pnl }) => sum.plus(pnl), new Decimal(0))

function worstDay({ days }: ReplayedHistory): Wire['with']['worst_day'] {
  let worst: { date: string; pnl: number } | null = null
  for (let i = 1; i < days.length; i++) {
    const pnl = (days[i]?.equity ?? 0) - (days[i - 1]?.equity ?? 0)
    if (pnl < (worst?.pnl ?? 0)) worst = { date: days[i]?.date ?? '', pnl }
  }
  return worst === null ? null : { date: worst.date, pnl: money(worst.pnl) }
}

function outcome(history: ReplayedHistory, capital: Decimal): Wire['with'] {
  const pnl = pnlOf(history.accepted)
  const results = history.accepted.map((trade) => Number(trade.pnl))
  return {
    trades: history.accepted.length,
    pnl: money(pnl),
    return_pct: formatPercent(pnl.div(capital).toNumber()),
    max_drawdown_pct: formatPercent(history.maxDrawdown),
    worst_day: worstDay(history),
    win_rate: figure(winRate(results)),
    profit_factor: figure(profitFactor(results)),
  }
}

function byCode(denied: readonly DeniedTrade[]): Wire['denied'] {
  const codes = Map.groupBy(denied, ({ code }) => code)
  return [...codes].map(([code, list]) => ({
    code,
    orders: list.length,
    forgone_pnl: money(pnlOf(list.map(({ trade }) => trade))),
  }))
}

export function presentLimitsBacktest(result: LimitsBacktest): Wire {
  const { without, with: proposed, trades, capital } = result
  const entries = trades.map(({ entryTime }) => entryTime)
  const exits = trades.map(({ exitTime }) => exitTime)
  const equityUnder = new Map(proposed.days.map(({ date, equity }) => [date, equity]))
  let held = capital.toNumber()
  return {
    strategy_id: result.strategyId,
    source: result.runId === null ? 'books' : 'run',
    run_id: result.runId,
    from: at(Math.min(...entries)),
    to: at(Math.max(...exits)),
    capital: money(capital),
    without: outcome(without, capital),
    with: outcome(proposed, capital),
    cost: money(pnlOf(proposed.accepted).minus(pnlOf(without.accepted))),
    denied: byCode(proposed.denied),
    denied_trades: proposed.denied.slice(0, MOST_DENIED).map(({ trade, code, message }) => ({
      at: at(trade.entryTime),
      symbol: trade.symbol,
      side: trade.side,
      quantity: trade.quantity,
      code,
      message,
      pnl: money(new Decimal(trade.pnl)),
    })),
    events: proposed.events
      .filter(({ type }) => type !== 'entry_refused')
      .slice(0, MOST_EVENTS)
      .map(({ t, type, message }) => ({ at: at(t), type, message })),
    curve: without.days.map(({ date, equity }) => {
      held = equityUnder.get(date) ?? held
      return { date, without: money(equity), with: money(held) }
    }),
    notes: result.notes,
  }
}
