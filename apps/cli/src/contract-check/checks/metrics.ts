import { type OutputOf, RL_PERIODS, rl, V1_PERIODS, v1 } from '@quantdeck/contracts'
import { type Check, must, show } from '../check.ts'
import { expectAnswer } from '../expect.ts'
import { firstId, POSITIONS, readList, RUNS, sample, STRATEGIES } from '../lists.ts'
import { settled, type Target } from '../target.ts'
import { detailPath } from './reads.ts'

type Summary = OutputOf<typeof v1.metrics.summary>
type Performance = OutputOf<typeof rl.performance.get>

const CENT = 0.011
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

async function summary(target: Target, query: string): Promise<Summary> {
  return expectAnswer(await target.get(`/v1/metrics/summary${query}`), v1.metrics.summary)
}

async function eachPeriod(target: Target, judge: (summary: Summary, period: string) => void): Promise<void> {
  for (const period of V1_PERIODS) judge(await summary(target, `?period=${period}`), period)
}

async function performance(target: Target, query: string): Promise<Performance> {
  return expectAnswer(await target.getRl(`/api/performance${query}`), rl.performance.get)
}

export const METRIC_CHECKS: Check[] = [
  {
    id: 'v1.metrics.default-period',
    family: 'v1',
    title: 'period of /v1/metrics/summary is 1m by default',
    run: async (target) => {
      const { meta } = await summary(target, '')
      must(meta.period === '1m', 'meta.period "1m"', show(meta.period))
    },
  },
  {
    id: 'v1.metrics.periods',
    family: 'v1',
    title: '/v1/metrics/summary answers for each of its periods and says which',
    run: (target) =>
      eachPeriod(target, ({ meta }, period) => {
        must(meta.period === period, `meta.period ${show(period)}`, show(meta.period))
      }),
  },
  {
    id: 'v1.metrics.modes',
    family: 'v1',
    title: '/v1/metrics/summary answers for PAPER and LIVE alone; both together make the positions of all',
    run: (target) =>
      settled(async () => {
        const ask = (query: string) => target.call('GET', `/v1/metrics/summary${query}`)
        const count = async (query: string) =>
          expectAnswer(await ask(query), v1.metrics.summary).data.active_positions
        const [all, paper, live] = [await count(''), await count('?mode=PAPER'), await count('?mode=LIVE')]
        must(paper + live === all, `${all} active_positions in PAPER and LIVE`, `${paper} + ${live}`)
      }),
  },
  {
    id: 'v1.metrics.signs',
    family: 'v1',
    title: 'max_drawdown is zero or negative, win_rate a fraction, in every period',
    run: (target) => eachPeriod(target, ({ data }, period) => assertSigns(data, `period ${period}`)),
  },
  {
    id: 'v1.metrics.equity-rule',
    family: 'v1',
    title: 'the last point of the equity curve minus the first is total_pnl, in every period',
    run: (target) => eachPeriod(target, assertEquityRule),
  },
  {
    id: 'v1.metrics.equity-points',
    family: 'v1',
    title: 'the equity curve has one point a day, and one an hour for 1d',
    run: (target) => eachPeriod(target, ({ data }, period) => assertPoints(data.equity_curve, period)),
  },
  {
    id: 'v1.metrics.positions',
    family: 'v1',
    title: 'active_positions is the total_count of /v1/positions',
    run: (target) =>
      settled(async () => {
        const { meta } = await readList(target, POSITIONS, { per_page: 1 })
        const answer = await target.call('GET', '/v1/metrics/summary?period=1d')
        const { active_positions: seen } = expectAnswer(answer, v1.metrics.summary).data
        must(seen === meta.total_count, `active_positions ${meta.total_count}`, String(seen))
      }),
  },
  {
    id: 'v1.positions.total-pnl',
    family: 'v1',
    title: 'total_unrealized_pnl is the sum over all positions',
    run: async (target) => {
      const { data, meta } = await sample(target, POSITIONS)
      const sum = data.reduce((total, row) => total + Number(row['unrealized_pnl']), 0)
      const seen = Number(meta['total_unrealized_pnl'])
      must(
        data.length < meta.total_count || Math.abs(sum - seen) <= CENT * (data.length + 1),
        `total_unrealized_pnl ${sum.toFixed(2)}`,
        show(meta['total_unrealized_pnl']),
      )
    },
  },
  {
    id: 'v1.strategies.signs',
    family: 'v1',
    title: 'performance of a strategy: drawdown zero or negative, win_rate a fraction',
    run: async (target) => {
      for (const { strategy_id: id } of (await sample(target, STRATEGIES)).data.slice(0, 3)) {
        const answer = await target.get(detailPath(v1.strategies.get, String(id)))
        assertSigns(expectAnswer(answer, v1.strategies.get).data.performance, String(id))
      }
    },
  },
  {
    id: 'v1.runs.signs',
    family: 'v1',
    title: 'drawdowns of runs are zero or negative, win_rate a fraction',
    run: async (target) => {
      for (const row of (await sample(target, RUNS)).data) {
        const { run_id, max_drawdown } = row
        must(Number(max_drawdown) <= 0, `max_drawdown of run ${String(run_id)} <= 0`, show(max_drawdown))
      }
      const id = await firstId(target, RUNS, (row) => row['status'] === 'COMPLETED')
      const { data } = expectAnswer(await target.get(detailPath(v1.runs.get, id)), v1.runs.get)
      assertSigns(data.metrics, `run ${id}`)
    },
  },
  {
    id: 'rl.performance.default-period',
    family: 'rl',
    title: 'period of /api/performance is 7d by default',
    run: async (target) => {
      const { period } = await performance(target, '')
      must(period === '7d', 'period "7d"', show(period))
    },
  },
  {
    id: 'rl.performance.periods',
    family: 'rl',
    title: '/api/performance answers for each of its periods, in whole UTC days',
    run: async (target) => {
      for (const period of RL_PERIODS) {
        const answer = await performance(target, `?period=${period}`)
        must(answer.period === period, `period ${show(period)}`, show(answer.period))
        must(/T00:00:00/.test(answer.start_date), 'start_date at 00:00:00', show(answer.start_date))
        must(/T23:59:59/.test(answer.end_date), 'end_date at 23:59:59', show(answer.end_date))
        must(answer.start_date < answer.end_date, 'start_date before end_date', show(answer.start_date))
      }
    },
  },
  {
    id: 'rl.performance.signs',
    family: 'rl',
    title: 'drawdowns and average losses of /api/performance are zero or negative, win_rate a fraction',
    run: async (target) => {
      for (const period of RL_PERIODS) {
        for (const row of (await performance(target, `?period=${period}`)).strategies) assertRlSigns(row)
      }
    },
  },
]

function assertSigns(
  { max_drawdown, win_rate }: { max_drawdown: string; win_rate: string },
  where: string,
): void {
  must(Number(max_drawdown) <= 0, `max_drawdown <= 0 (${where})`, show(max_drawdown))
  must(Number(win_rate) >= 0 && Number(win_rate) <= 1, `win_rate between 0 and 1 (${where})`, show(win_rate))
}

function assertRlSigns(row: Performance['strategies'][number]): void {
  for (const field of ['max_drawdown_pct', 'current_drawdown_pct', 'avg_loss_pct'] as const) {
    must(row[field] <= 0, `${field} of ${row.strategy_code} <= 0`, String(row[field]))
  }
  const { winning_trades: won, losing_trades: lost, total_trades: total } = row
  must(won + lost <= total, `winning_trades + losing_trades <= ${total}`, `${won} + ${lost}`)
}

function assertEquityRule({ data }: Summary, period: string): void {
  const first = data.equity_curve[0]
  const last = data.equity_curve.at(-1)
  if (first === undefined || last === undefined) return
  const rise = Number(last.value) - Number(first.value)
  must(
    Math.abs(rise - Number(data.total_pnl)) <= CENT,
    `total_pnl ${rise.toFixed(2)} (period ${period})`,
    show(data.total_pnl),
  )
}

function assertPoints(points: Summary['data']['equity_curve'], period: string): void {
  const isHourly = period === '1d'
  for (const { date } of points) {
    const expected = isHourly ? 'instants for 1d' : `days for ${period}`
    must((date.length === 10) !== isHourly, expected, show(date))
  }
  const step = isHourly ? HOUR_MS : DAY_MS
  const gaps = points
    .slice(1)
    .map(({ date }, index) => Date.parse(date) - Date.parse(points[index]?.date ?? ''))
  // A window of 24 hours begins and ends inside an hour of the clock.
  const isEnd = (index: number) => isHourly && (index === 0 || index === gaps.length - 1)
  const wrong = gaps.findIndex((gap, index) => (isEnd(index) ? gap <= 0 || gap > step : gap !== step))
  must(
    wrong < 0,
    `one point for every ${isHourly ? 'hour' : 'day'} of ${period}`,
    `${points[wrong + 1]?.date} after ${points[wrong]?.date}`,
  )
}
