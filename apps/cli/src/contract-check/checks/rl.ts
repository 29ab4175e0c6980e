import { type OutputOf, rl } from '@quantdeck/contracts'
import { type Check, must, show } from '../check.ts'
import { expectAnswer } from '../expect.ts'
import { POSITIONS, readList, type Row, STRATEGIES } from '../lists.ts'
import { settled, type Target } from '../target.ts'

const CENT = 0.011
const SIDES = { LONG: 'buy', SHORT: 'sell', HOLD: 'hold' } as const
const WORST_LAST = ['healthy', 'warning', 'critical'] as const

async function positions(target: Target): Promise<OutputOf<typeof rl.positions.list>> {
  return expectAnswer(await target.getRl('/api/positions'), rl.positions.list)
}

export const RL_CHECKS: Check[] = [
  {
    id: 'rl.positions.totals',
    family: 'rl',
    title: 'total_positions and total_unrealized_pnl are those of the rows',
    run: async (target) => {
      const { positions: rows, total_positions: count, total_unrealized_pnl: total } = await positions(target)
      must(count === rows.length, `total_positions ${rows.length}`, String(count))
      const sum = rows.reduce((added, row) => added + row.unrealized_pnl, 0)
      must(
        Math.abs(sum - total) <= CENT * (rows.length + 1),
        `total_unrealized_pnl ${sum.toFixed(2)}`,
        String(total),
      )
    },
  },
  {
    id: 'rl.signals.sides',
    family: 'rl',
    title: 'side says what its signal means: LONG buy, SHORT sell, HOLD hold',
    run: async (target) => {
      const { signals } = expectAnswer(await target.getRl('/api/signals/latest'), rl.signals.latest)
      for (const { signal, side, strategy_code } of signals) {
        if (signal === 'CLOSE') continue
        must(side === SIDES[signal], `side ${SIDES[signal]} for ${signal} of ${strategy_code}`, show(side))
      }
    },
  },
  {
    id: 'rl.signals.age',
    family: 'rl',
    title: 'age_seconds is the time between the signal and the answer',
    run: async (target) => {
      const { signals, timestamp } = expectAnswer(
        await target.getRl('/api/signals/latest'),
        rl.signals.latest,
      )
      for (const signal of signals) {
        const age = (Date.parse(timestamp) - Date.parse(signal.timestamp)) / 1000
        must(
          Math.abs(age - signal.age_seconds) <= 2,
          `age_seconds ${Math.round(age)} of ${signal.strategy_code}`,
          String(signal.age_seconds),
        )
      }
    },
  },
  {
    id: 'rl.risk.signs',
    family: 'rl',
    title: 'drawdown and limits of the risk status are zero or positive',
    run: async (target) => {
      const { current_drawdown_pct, limits } = await riskStatus(target)
      must(current_drawdown_pct >= 0, 'current_drawdown_pct >= 0', String(current_drawdown_pct))
      for (const [name, limit] of Object.entries(limits))
        must(limit >= 0, `limits.${name} >= 0`, String(limit))
    },
  },
  {
    id: 'rl.risk.cooldown',
    family: 'rl',
    title: 'cooldown_until is an instant while a cooldown is active, else null or absent',
    run: async (target) => {
      const { cooldown_active: isActive, cooldown_until: until } = await riskStatus(target)
      const holds = isActive ? typeof until === 'string' : until === null || until === undefined
      must(holds, isActive ? 'cooldown_until as an instant' : 'cooldown_until null or absent', show(until))
    },
  },
  {
    id: 'rl.monitor.overall',
    family: 'rl',
    title: 'overall_status is that of the worst model',
    run: async (target) => {
      const { models, overall_status } = expectAnswer(
        await target.getRl('/api/monitor/health'),
        rl.monitor.health,
      )
      const worst = Math.max(0, ...models.map(({ status }) => WORST_LAST.indexOf(status)))
      must(overall_status === WORST_LAST[worst], `overall_status ${WORST_LAST[worst]}`, show(overall_status))
    },
  },
  {
    id: 'v1.agrees.positions',
    family: 'v1',
    title: 'both families count the same open positions of the active strategies',
    run: (target) => settled(() => comparePositions(target)),
  },
  {
    id: 'v1.agrees.strategies',
    family: 'v1',
    title: '/api/performance lists every active strategy of /v1/strategies by the same id and name',
    run: async (target) => {
      const { data } = await readList(target, STRATEGIES, { status: 'active' })
      const answer = await target.call('GET', '/api/performance')
      const { strategies } = expectAnswer(answer, rl.performance.get)
      const seen = strategies.map(({ strategy_code: id, strategy_name: name }) => `${id}: ${name}`)
      const missing = data
        .map((row) => `${String(row['strategy_id'])}: ${String(row['name'])}`)
        .filter((one) => !seen.includes(one))
      must(missing.length === 0, `${missing[0] ?? ''} in /api/performance`, show(seen))
    },
  },
]

async function riskStatus(target: Target): Promise<OutputOf<typeof rl.risk.status>> {
  return expectAnswer(await target.getRl('/api/risk/status'), rl.risk.status)
}

async function comparePositions(target: Target): Promise<void> {
  const active = new Set(
    (await readList(target, STRATEGIES, { status: 'active' })).data.map((row) => row['strategy_id']),
  )
  const { data } = await readList(target, POSITIONS, { per_page: 100 })
  const answer = await target.call('GET', '/api/positions')
  const { positions: rows } = expectAnswer(answer, rl.positions.list)
  const expected = count(
    data.filter((row) => active.has(row['strategy_id'])),
    'strategy_id',
  )
  const seen = count(rows, 'strategy_code')
  must(expected === seen, `open positions ${expected} in /api/positions, as in /v1/positions`, seen)
}

/** `momentum_v1: 2, ppo_v1: 1`. */
function count(rows: readonly Row[], field: string): string {
  const counts = Map.groupBy(rows, (row) => String(row[field]))
  const texts = [...counts].map(([id, { length }]) => `${id}: ${length}`).sort()
  return texts.join(', ') || 'none'
}
