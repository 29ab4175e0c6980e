import { rl, RL_PERIODS, V1_PERIODS, v1 } from '@quantdeck/contracts'
import { type Check, must, show } from '../check.ts'
import { expectAnswer } from '../expect.ts'
import { POSITIONS, type Row, sample } from '../lists.ts'

/** Both sides are rounded, and a currency moves between two conversions: enough to tell percent from a fraction. */
const RELATIVE = 0.05
const ABSOLUTE = 0.02

/** Percent is percent: "3.69" is 3.69 %, in both families. */
export const PERCENT_CHECKS: Check[] = [
  {
    id: 'v1.metrics.percent',
    family: 'v1',
    title:
      'total_pnl_percent is total_pnl in percent of the first point of the equity curve, in every period',
    run: async (target) => {
      for (const period of V1_PERIODS) {
        const answer = await target.get(`/v1/metrics/summary?period=${period}`)
        const { total_pnl, total_pnl_percent, equity_curve } = expectAnswer(answer, v1.metrics.summary).data
        const base = Number(equity_curve[0]?.value)
        assertPercent(`total_pnl_percent (period ${period})`, total_pnl_percent, Number(total_pnl) / base)
      }
    },
  },
  {
    id: 'v1.positions.percent',
    family: 'v1',
    title: 'unrealized_pnl_pct of a v1 position is its P&L in percent of its cost',
    run: async (target) => {
      const { data } = await sample(target, POSITIONS)
      for (const row of data) {
        const cost = Math.abs(numberOf(row, 'market_value') - numberOf(row, 'unrealized_pnl'))
        const name = `unrealized_pnl_pct of ${show(row['position_id'])}`
        assertPercent(name, row['unrealized_pnl_pct'], numberOf(row, 'unrealized_pnl') / cost)
      }
    },
  },
  {
    id: 'rl.positions.percent',
    family: 'rl',
    title: 'unrealized_pnl_pct of an rl position is the move of its price in percent',
    run: async (target) => {
      const { positions } = expectAnswer(await target.getRl('/api/positions'), rl.positions.list)
      for (const {
        position_id: id,
        side,
        entry_price: entry,
        current_price: now,
        unrealized_pnl_pct,
      } of positions) {
        const move = ((side === 'buy' ? 1 : -1) * (now - entry)) / entry
        assertPercent(`unrealized_pnl_pct of ${id}`, unrealized_pnl_pct, move)
      }
    },
  },
  {
    id: 'rl.performance.percent',
    family: 'rl',
    title: 'total_return_pct is the change from initial_equity to current_equity in percent',
    run: async (target) => {
      for (const period of RL_PERIODS) {
        const answer = await target.getRl(`/api/performance?period=${period}`)
        for (const row of expectAnswer(answer, rl.performance.get).strategies) {
          const name = `total_return_pct of ${row.strategy_code} (period ${period})`
          assertPercent(name, row.total_return_pct, row.current_equity / row.initial_equity - 1)
        }
      }
    },
  },
]

function numberOf(row: Row, field: string): number {
  return Number(row[field])
}

/** A fraction without a base (no capital, no cost) says nothing. */
function assertPercent(name: string, seen: unknown, fraction: number): void {
  if (!Number.isFinite(fraction)) return
  const percent = fraction * 100
  const isNear = Math.abs(Number(seen) - percent) <= ABSOLUTE + RELATIVE * Math.abs(percent)
  must(isNear, `${name} ${percent.toFixed(2)}`, show(seen))
}
