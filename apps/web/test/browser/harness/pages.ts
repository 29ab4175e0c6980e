import { expect } from 'vitest'
import type { Rest } from './api.ts'

/** Pages behind those of the navigation, by a name of their own; what they show is looked up or made. */
export async function findDetails(rest: Rest): Promise<Record<string, string>> {
  const tabs = ['sessions', 'keys', 'webhooks', 'users', 'appearance', 'about']
  return {
    strategy: '/strategies/momentum_v1',
    'strategy-config': '/strategies/momentum_v1?tab=config',
    'strategy-limits': '/strategies/momentum_v1?tab=limits',
    'new-run': '/runs?new=true',
    ...(await findRuns(rest)),
    ...(await findSweep(rest)),
    ...(await findPosition(rest)),
    ...Object.fromEntries(tabs.map((tab) => [`settings-${tab}`, `/settings/${tab}`])),
    unknown: '/no/such/page',
  }
}

async function findRuns(rest: Rest): Promise<Record<string, string>> {
  const { data } = await rest.get<{ data: { run_id: string }[] }>(
    '/v1/runs?run_type=BACKTEST&status=COMPLETED',
  )
  const ids = data.map(({ run_id: id }) => id)
  expect(ids.length).toBeGreaterThan(1)
  return { run: `/runs/${ids[0]}`, compare: `/runs/compare?ids=${ids.slice(0, 2).join(',')}` }
}

async function findPosition(rest: Rest): Promise<Record<string, string>> {
  const { data } = await rest.get<{ data: { position_id: string }[] }>(
    '/v1/positions?strategy_id=momentum_v1',
  )
  return data[0] === undefined ? {} : { position: `/positions/${data[0].position_id}` }
}

interface Sweep {
  sweep_id: string
  status: string
}

async function findSweep(rest: Rest): Promise<Record<string, string>> {
  const { data: sweeps } = await rest.get<{ data: Sweep[] }>('/v1/sweeps')
  const sweep = sweeps[0] ?? (await startSweep(rest))
  const status = async () => (await rest.get<{ data: Sweep }>(`/v1/sweeps/${sweep.sweep_id}`)).data.status
  // Hooks have no polling assertion.
  while ((await status()) === 'RUNNING') await new Promise((resolve) => setTimeout(resolve, 300))
  return { sweeps: '/sweeps', 'new-sweep': '/sweeps?new=true', sweep: `/sweeps/${sweep.sweep_id}` }
}

async function startSweep(rest: Rest): Promise<Sweep> {
  const { status, body } = await rest.call<{ data: Sweep }>('POST', '/v1/sweeps', {
    strategy_id: 'momentum_v1',
    start_date: '2025-01-01',
    end_date: '2025-06-30',
    initial_capital: '100000.00',
    axes: [
      { name: 'stop_loss_pct', values: [1, 2] },
      { name: 'lookback', values: [10, 20] },
    ],
  })
  expect([status, body]).toEqual([202, expect.anything()])
  return body.data
}
