import { expect } from 'vitest'
import type { Rest } from './api.ts'
import { deck } from './browser.ts'

/** Pages behind those of the navigation, by a name of their own; what they show is looked up or made. */
export async function findDetails(rest: Rest): Promise<Record<string, string>> {
  const tabs = ['sessions', 'keys', 'webhooks', 'users', 'appearance', 'notifications', 'data', 'about']
  await addWebhook(rest)
  return {
    strategy: '/strategies/momentum_v1',
    'strategy-config': '/strategies/momentum_v1?tab=config',
    'strategy-limits': '/strategies/momentum_v1?tab=limits',
    'what-if': '/strategies/momentum_v1/what-if',
    'new-run': '/runs?new=true',
    ...(await findRuns(rest)),
    ...(await findStudies(rest)),
    ...(await findPosition(rest)),
    'alert-rules': '/alerts/rules',
    model: '/models/ppo_v1',
    ...Object.fromEntries(tabs.map((tab) => [`settings-${tab}`, `/settings/${tab}`])),
    unknown: '/no/such/page',
  }
}

/** A result has a page for each of its parts. */
const RESULT_TABS = ['equity', 'periods', 'trades', 'outlook', 'log']

async function findRuns(rest: Rest): Promise<Record<string, string>> {
  const { data } = await rest.get<{ data: { run_id: string }[] }>(
    '/v1/runs?run_type=BACKTEST&status=COMPLETED',
  )
  const ids = data.map(({ run_id: id }) => id)
  expect(ids.length).toBeGreaterThan(1)
  return {
    run: `/runs/${ids[0]}`,
    ...Object.fromEntries(RESULT_TABS.map((tab) => [`run-${tab}`, `/runs/${ids[0]}?tab=${tab}`])),
    compare: `/runs/compare?ids=${ids.slice(0, 2).join(',')}`,
    'compare-nothing': '/runs/compare',
  }
}

async function findPosition(rest: Rest): Promise<Record<string, string>> {
  const { data } = await rest.get<{ data: { position_id: string }[] }>(
    '/v1/positions?strategy_id=momentum_v1',
  )
  return data[0] === undefined ? {} : { position: `/positions/${data[0].position_id}` }
}

const PERIOD = {
  strategy_id: 'momentum_v1',
  start_date: '2025-01-01',
  end_date: '2025-06-30',
  initial_capital: '100000.00',
}
const STUDIES = {
  sweep: {
    path: '/sweeps',
    request: {
      ...PERIOD,
      axes: [
        { name: 'stop_loss_pct', values: [1, 2] },
        { name: 'lookback', values: [10, 20] },
      ],
    },
  },
  'walk-forward': {
    path: '/walk-forwards',
    request: {
      ...PERIOD,
      in_sample_days: 90,
      out_of_sample_days: 45,
      axes: [{ name: 'lookback', values: [10, 20] }],
    },
  },
} as const

interface Study {
  sweep_id?: string
  walk_forward_id?: string
  status: string
}

/** Of both kinds the list, the form and one that is done. */
async function findStudies(rest: Rest): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [name, { path, request }] of Object.entries(STUDIES)) {
    const { data } = await rest.get<{ data: Study[] }>(`/v1${path}`)
    const study = data[0] ?? (await startStudy(rest, path, request))
    const address = `${path}/${study.sweep_id ?? study.walk_forward_id}`
    const status = async () => (await rest.get<{ data: Study }>(`/v1${address}`)).data.status
    // Hooks have no polling assertion.
    while ((await status()) === 'RUNNING') await new Promise((resolve) => setTimeout(resolve, 300))
    Object.assign(found, { [`${name}s`]: path, [`new-${name}`]: `${path}?new=true`, [name]: address })
  }
  return found
}

async function startStudy(rest: Rest, path: string, request: object): Promise<Study> {
  const { status, body } = await rest.call<{ data: Study }>('POST', `/v1${path}`, request)
  expect([status, body]).toEqual([202, expect.anything()])
  return body.data
}

const WEBHOOK = 'Ops pager'

/** One with a delivery to show, switched off again so that no alert of a test goes out. */
async function addWebhook(rest: Rest): Promise<void> {
  const { data } = await rest.get<{ data: { name: string }[] }>('/v1/webhooks')
  if (data.some(({ name }) => name === WEBHOOK)) return
  expect((await rest.call('POST', '/v1/auth/confirm', { password: deck.password })).status).toBe(200)
  const { status, body } = await rest.call<{ data: { webhook_id: string } }>('POST', '/v1/webhooks', {
    name: WEBHOOK,
    url: 'https://hooks.example.com/quantdeck',
    min_severity: 'CRITICAL',
  })
  expect([status, body]).toEqual([201, expect.anything()])
  const path = `/v1/webhooks/${body.data.webhook_id}`
  expect((await rest.call('POST', `${path}/test`)).status).toBe(202)
  expect((await rest.call('PATCH', path, { enabled: false })).status).toBe(200)
}
