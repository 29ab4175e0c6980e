import { ensureDefined } from '@quantdeck/domain'

import { NOBODY, PASSWORD, type TestApi } from '../harness.ts'
import { startV1State } from '../harness/v1-state.ts'
import type { Hints } from './schema-values.ts'
import type { Target } from './requests.ts'

/** What a look at a session or a key changes without anybody asking for a change, and what the sealer adds later. */
const VOLATILE = [
  ...['last_seen_at', 'last_used_at', 'sealed_at', 'sealed_seq', 'sequence', 'prev_hash', 'hash'],
  // Webhooks are called in the background: no request asks for a try.
  ...['dispatched_at', 'resolved_at', 'attempts', 'next_attempt_at', 'lease_id', 'leased_until'],
  ...['last_status', 'last_error'],
]
const VOLATILE_TABLES = ['sealer_heads', 'webhook_attempts']

/** A desk with history on an embedded database and a clock that stands still, so that only requests change anything. */
export class FuzzState {
  readonly api: TestApi
  readonly hints: Hints
  #token: string

  private constructor(api: TestApi, token: string, hints: Hints) {
    this.api = api
    this.#token = token
    this.hints = hints
  }

  static async start(): Promise<FuzzState> {
    const { api, token } = await startV1State('pglite')
    await api.confirm(token)
    const state = new FuzzState(api, token, await readHints(api, token))
    await state.settle()
    return state
  }

  /**
   * The admin's session; for what ends sessions one of a user of its own, made for this request.
   * A generated request may have ended the admin's as well: it is opened again.
   */
  async tokenFor({ endpoint }: Target): Promise<string> {
    const { operationId } = endpoint.meta
    if (/logout|change_password|revoke_session/.test(operationId)) {
      return this.api.enter(this.api.users.risk.userId)
    }
    if (operationId === 'refresh_token') return this.#refreshToken()
    return this.#token
  }

  async #refreshToken(): Promise<string> {
    const { sessions } = this.api.deps.auth
    const link = await sessions.createLoginLink(this.api.users.risk.userId)
    return (await sessions.loginWithLink(link, NOBODY)).refreshToken
  }

  async reopen(): Promise<void> {
    this.#token = await this.api.enter(this.api.users.admin.userId)
    await this.api.confirm(this.#token)
  }

  /** What the server said of a failure; a million requests' lines are not kept. */
  takeLog(isWanted: boolean): string {
    const { logLines } = this.api
    const failures = isWanted ? logLines.filter((line) => !line.includes('"level":20')) : []
    logLines.length = 0
    return failures.map((line) => `\n  ${line.slice(0, 1_000)}`).join('')
  }

  /** One line per table: every row's content, without what mere reading changes. */
  async fingerprint(): Promise<string> {
    const pglite = ensureDefined(this.api.deps.db.pglite, 'the embedded database')
    const { rows } = await pglite.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'
        and not tablename = any($1) order by 1`,
      [VOLATILE_TABLES],
    )
    const strip = VOLATILE.map((column) => `- '${column}'`).join(' ')
    const query = rows.map(({ name }) => {
      const content = `select md5((to_jsonb(t) ${strip})::text) as h from "${name}" t`
      return `select '${name}' as name, count(*) || ':' || coalesce(md5(string_agg(h, '' order by h)), '') as sum from (${content}) x`
    })
    const sums = await pglite.query<{ name: string; sum: string }>(query.join(' union all '))
    return sums.rows.map(({ name, sum }) => `${name} ${sum}`).join('\n')
  }

  /** Waits until what earlier requests set going (fills, the sealer, runs) has come to rest. */
  async settle(): Promise<void> {
    for (let before = ''; ;) {
      const now = await this.fingerprint()
      if (now === before) return
      before = now
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
  }

  close(): Promise<void> {
    return this.api.close()
  }
}

async function readHints(api: TestApi, token: string): Promise<Hints> {
  const idsAt = async (path: string, field: string): Promise<string[]> => {
    const { body } = await api.call('GET', path, { token })
    return (body as { data: Record<string, string>[] }).data.map((row) => String(row[field]))
  }
  const strategies = await idsAt('/v1/strategies', 'strategy_id')
  const runs = await idsAt('/v1/runs', 'run_id')
  return {
    strategy_id: [...strategies, 'unknown_v1'],
    strategy_code: strategies,
    symbol: ['AAPL', 'MSFT', 'GOOG', 'TSLA', 'XYZ'],
    universe: [['AAPL'], ['AAPL', 'MSFT'], ['XYZ']],
    position_id: await idsAt('/v1/positions', 'position_id'),
    order_id: await idsAt('/v1/orders?per_page=50', 'order_id'),
    alert_id: await idsAt('/v1/alerts', 'alert_id'),
    run_id: runs.length > 0 ? runs : ['none'],
    // Not the admin who asks: that account must stay one.
    user_id: [api.users.trader.userId, api.users.viewer.userId],
    service_name: ['database', 'data_feed', 'broker_connection', 'redis', 'jobs', 'none'],
    email: ['trader@example.com', 'nobody@example.com'],
    password: [PASSWORD, 'wrong'],
    current_password: [PASSWORD, 'wrong'],
    // A few weeks: the cheapest backtests that are backtests.
    start_date: ['2025-01-06', '2025-03-03'],
    end_date: ['2025-01-31', '2025-03-14', '2024-12-31'],
    from_date: ['2025-01-06', '2026-01-20T14:30:00Z'],
    to_date: ['2026-01-26', '2025-03-14'],
  }
}
