import { listActiveSessions } from '@quantdeck/db'

import { NOBODY, PASSWORD, type TestApi } from '../harness.ts'
import type { Hints } from './schema-values.ts'

/** As many of what can be used once: login links, sessions. */
const POOL = 25

/** What each use takes away. */
export type Pools = Record<'token' | 'session_id', string[]>

/** Values that a field is likely to be tried with: ids of what exists now, days with bars, the right password. */
export async function readHints(api: TestApi, token: string, pools: Pools): Promise<Hints> {
  const idsAt = async (path: string, field: string): Promise<string[]> => {
    const { status, body } = await api.call('GET', path, { token })
    if (status !== 200) throw new Error(`GET ${path} answered ${status}`)
    const ids = (body as { data: Record<string, string>[] }).data.map((row) => String(row[field]))
    return ids.length > 0 ? ids : ['none']
  }
  const strategies = await idsAt('/v1/strategies', 'strategy_id')
  return {
    ...pools,
    strategy_id: [...strategies.slice(0, 8), 'unknown_v1'],
    strategy_code: strategies.slice(0, 8),
    symbol: ['AAPL', 'MSFT', 'GOOG', 'TSLA', 'XYZ'],
    universe: [['AAPL'], ['AAPL', 'MSFT'], ['XYZ']],
    position_id: await idsAt('/v1/positions', 'position_id'),
    order_id: await idsAt('/v1/orders?per_page=100', 'order_id'),
    alert_id: await idsAt('/v1/alerts?per_page=100', 'alert_id'),
    run_id: await idsAt('/v1/runs?per_page=100', 'run_id'),
    approval_id: await idsAt('/v1/controls/approvals', 'approval_id'),
    api_key_id: await idsAt('/v1/api-keys', 'api_key_id'),
    // Not the admin who asks: that account must stay one.
    user_id: [api.users.trader.userId, api.users.viewer.userId],
    service_name: ['database', 'data_feed', 'broker_connection', 'redis', 'jobs', 'none'],
    email: ['trader@example.com', 'nobody@example.com'],
    password: [PASSWORD, 'wrong'],
    current_password: [PASSWORD, `another ${PASSWORD}`],
    new_password: [PASSWORD, `another ${PASSWORD}`],
    calendar: ['NYSE', 'FX', '24/7'],
    version: [1, 2],
    expires_at: ['2026-12-31T00:00:00Z', '2027-06-30T12:00:00+02:00'],
    timestamp: ['2026-01-25T22:30:00Z', '2026-01-25T17:35:00-05:00'],
    ip_allow_list: [['127.0.0.0/8', '::1'], ['10.0.0.1']],
    quantity: ['1', '5.00', '12'],
    limit_price: ['150', '380.00', '0.01'],
    // A few weeks: the cheapest backtests that are backtests.
    start_date: ['2025-01-06', '2025-03-03'],
    end_date: ['2025-01-31', '2025-03-14', '2024-12-31'],
    from_date: ['2025-01-06', '2026-01-20T14:30:00Z'],
    to_date: ['2026-01-26', '2025-03-14'],
  }
}

/** Login links not yet used, and sessions of a user whom nobody else here needs. */
export async function makePools({ deps, users }: TestApi): Promise<Pools> {
  const { db, clock, auth } = deps
  const { userId } = users.viewer
  const newLink = () => auth.sessions.createLoginLink(userId)
  const links: string[] = []
  for (let i = 0; i < POOL; i++) links.push(await newLink())
  for (let i = 0; i < POOL; i++) await auth.sessions.loginWithLink(await newLink(), NOBODY)
  const sessions = await listActiveSessions(db.kysely, clock.now(), userId)
  return { token: links, session_id: sessions.map(({ sessionId }) => sessionId) }
}

/** Where the name of something that is there already is the wrong thing to try. */
const NEW: Readonly<Record<string, string>> = { create_user: 'email', create_strategy: 'strategy_id' }

export function hintsFor(id: string, hints: Hints): Hints {
  return Object.fromEntries(Object.entries(hints).filter(([field]) => NEW[id] !== field))
}
