import { type DatabaseKind, insertStrategy, insertUser } from '@quantdeck/db'
import { hookedDatabase, sampleStrategy } from '@quantdeck/db/testing'
import { AppError, Decimal, VirtualClock } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../src/auth/actor.ts'
import type { Deps } from '../../src/deps.ts'
import * as approvals from '../../src/features/approvals/operations.ts'
import { transitionMode } from '../../src/features/controls/operations-mode-transition.ts'
import { updateStrategy } from '../../src/features/strategies/operations.ts'
import { startTestApi, type TestApi } from '../harness.ts'
import type { ApprovalAct } from './approvals-reference.ts'
import type { Gate, Product } from './machine.ts'
import { emptyTables } from '../harness/empty-tables.ts'

const STRATEGY = 'momentum_v1'
const NONSENSE = 'AAAAAAAA'
const TOKEN_MS = 300_000
const APPROVALS = '/v1/controls/approvals'
const GO_LIVE = { strategyId: STRATEGY, fromMode: 'PAPER', toMode: 'LIVE' } as const
const GO_BACK = { strategyId: STRATEGY, fromMode: 'LIVE', toMode: 'PAPER' } as const

/** The configuration that the model calls by a number; it begins with 0. */
const configOf = (value: number) => ({ stop_loss_pct: String(value + 1) })

/** A door to the product: every answer as the status that a caller gets. */
interface Door {
  request(who: number): Promise<{ status: number; approvalId?: string }>
  approve(who: number, approvalId: string): Promise<{ status: number; code?: string }>
  revoke(who: number, approvalId: string): Promise<number>
  transition(to: 'LIVE' | 'PAPER', code: string | null): Promise<number>
  configure(value: number): Promise<number>
}

/** The product over a real database with three admins and one strategy. */
export class ApprovalsWorld implements Product<ApprovalAct> {
  readonly api: TestApi
  readonly clock: VirtualClock
  readonly #admins: string[]
  readonly #door: Door
  #ids: string[] = []
  #codes: string[] = []
  #loggedBefore = 0

  private constructor(api: TestApi, clock: VirtualClock, admins: string[], door: Door) {
    this.api = api
    this.clock = clock
    this.#admins = admins
    this.#door = door
  }

  static async open(engine: DatabaseKind, through: (parts: DoorParts) => Door): Promise<ApprovalsWorld> {
    const clock = new VirtualClock(new Date('2026-01-07T16:30:00Z'))
    const api = await startTestApi({ engine, clock, logLevel: 'warn' })
    await insertStrategy(
      api.deps.db.kysely,
      sampleStrategy({ config: configOf(0), allocatedCapital: new Decimal(10_000) }),
    )
    const admins = [api.users.admin.userId]
    for (const n of [1, 2]) admins.push(await addAdmin(api, n))
    return new ApprovalsWorld(api, clock, admins, through({ api, clock, admins }))
  }

  /** As in the beginning; only the audit log cannot be emptied, so what it held is left out. */
  async reset(): Promise<this> {
    const { db, desk } = this.api.deps
    this.clock.advanceBy(86_400_000)
    await emptyTables(db, ['approvals', 'alerts', 'strategy_history', 'outbox'])
    await db.executeSql(
      `update strategies set mode = 'PAPER', config = '${JSON.stringify(configOf(0))}', updated_at = '${this.clock.now().toISOString()}'`,
    )
    desk.invalidate()
    const { rows } = await db.executeSql('select coalesce(max(seq), 0)::int as seq from audit_log')
    this.#loggedBefore = Number(rows[0]?.['seq'])
    this.#ids = []
    this.#codes = []
    return this
  }

  async act(act: ApprovalAct): Promise<number | null> {
    switch (act.type) {
      case 'wait':
        this.clock.advanceBy(act.ms)
        return null
      case 'configure':
        return this.#door.configure(act.value)
      case 'back':
        return this.#door.transition('PAPER', null)
      case 'request':
        return this.#request(act.who)
      case 'approve':
        return this.#approve(act.who, act.which)
      case 'revoke':
        return this.#door.revoke(act.who, this.#ids[act.which] ?? randomUUID())
      case 'use':
        return this.#door.transition('LIVE', this.#codes[act.which] ?? NONSENSE)
      case 'guess':
        return this.#door.transition('LIVE', NONSENSE)
    }
  }

  /** Does anybody have the code of this request? Who has not can only guess. */
  hasCode(which: number): boolean {
    return this.#codes[which] !== undefined
  }

  async #request(who: number): Promise<number> {
    const { status, approvalId } = await this.#door.request(who)
    if (approvalId !== undefined) this.#ids.push(approvalId)
    return status
  }

  async #approve(who: number, which: number): Promise<number> {
    const { status, code } = await this.#door.approve(who, this.#ids[which] ?? randomUUID())
    if (code !== undefined) this.#codes[which] = code
    return status
  }

  /** What the list of approvals shows, the mode, and how often the audit log tells of what. */
  async view(): Promise<unknown> {
    const { db } = this.api.deps
    const actor = actorOf(this.#admins[0] ?? '')
    const page = await approvals.listApprovals(this.api.deps, actor, { page: 1, perPage: 100 })
    const shown = new Map(
      page.approvals.map(({ approval }) => [
        approval.approvalId,
        `${approval.status} ${approval.wrongTries}`,
      ]),
    )
    const mode = await db.executeSql(`select mode from strategies where strategy_id = '${STRATEGY}'`)
    const log = await db.executeSql(
      `select action, count(*)::int as times from audit_log
        where entity = 'approval' and seq > ${this.#loggedBefore} group by action`,
    )
    return {
      mode: mode.rows[0]?.['mode'],
      approvals: this.#ids.map((id) => shown.get(id)),
      log: Object.fromEntries(log.rows.map(({ action, times }) => [action, times])),
    }
  }

  async close(): Promise<void> {
    await this.api.close()
  }
}

interface DoorParts {
  api: TestApi
  clock: VirtualClock
  admins: readonly string[]
}

async function addAdmin({ deps }: TestApi, n: number): Promise<string> {
  const user = {
    userId: randomUUID(),
    email: `admin${n}@example.com`,
    role: 'admin' as const,
    name: `admin ${n}`,
  }
  const at = deps.clock.now()
  await insertUser(deps.db.kysely, { ...user, passwordHash: 'none', createdAt: at, updatedAt: at })
  return user.userId
}

/** REST, each admin in a session of their own. */
export function httpDoor({ api, clock, admins }: DoorParts): Door {
  const tokens = new Map<string, { token: string; at: number }>()
  const tokenOf = async (who: number): Promise<string> => {
    const userId = admins[who] ?? ''
    const known = tokens.get(userId)
    if (known !== undefined && clock.nowMs() - known.at < TOKEN_MS) return known.token
    const token = await api.enter(userId)
    tokens.set(userId, { token, at: clock.nowMs() })
    return token
  }
  const post = async (who: number, path: string, body?: unknown) =>
    api.call('POST', path, { token: await tokenOf(who), body })
  const dataOf = (body: unknown) => (body as { data?: Record<string, string> }).data
  const modes = { strategy_id: STRATEGY, from_mode: 'PAPER', to_mode: 'LIVE' }
  return {
    request: async (who) => {
      const { status, body } = await post(who, APPROVALS, { ...modes, reason: 'ready' })
      return { status, approvalId: dataOf(body)?.['approval_id'] }
    },
    approve: async (who, id) => {
      const { status, body } = await post(who, `${APPROVALS}/${id}/approve`)
      return { status, code: dataOf(body)?.['approval_code'] }
    },
    revoke: async (who, id) => (await post(who, `${APPROVALS}/${id}/revoke`, { reason: 'no' })).status,
    transition: async (to, code) => {
      const body =
        to === 'LIVE' ? { ...modes, approval_code: code } : { ...modes, from_mode: 'LIVE', to_mode: 'PAPER' }
      return (await post(0, '/v1/controls/mode-transition', body)).status
    },
    configure: async (value) => {
      const body = { config: configOf(value) }
      return (await api.call('PATCH', `/v1/strategies/${STRATEGY}`, { token: await tokenOf(0), body })).status
    },
  }
}

function actorOf(userId: string): Actor {
  return {
    kind: 'user',
    userId,
    label: userId,
    role: 'admin',
    sessionId: null,
    apiKeyId: null,
    scopes: null,
    strategyIds: null,
    requestId: 'req-model',
    ip: null,
  }
}

const STATUS_OF: Record<string, number> = { CONFLICT: 409, FORBIDDEN: 403, NOT_FOUND: 404 }

async function statusOf(ok: number, run: () => Promise<unknown>): Promise<number> {
  try {
    await run()
    return ok
  } catch (error) {
    const status = error instanceof AppError ? STATUS_OF[error.code] : undefined
    if (status === undefined) throw error
    return status
  }
}

/** The operations themselves, each of whose statements waits at a gate. `forgetsLocks`: a product without row locks. */
export const gatedDoor =
  (gate: Gate, forgetsLocks = false) =>
  ({ api, admins }: DoorParts): Door => {
    const db = hookedDatabase(api.deps.db, {
      around: async (run, what) => {
        await gate.pass(what)
        return run()
      },
      ...(forgetsLocks && {
        rewrite: (query) => ({ ...query, sql: query.sql.replace(/ for update(?: of "\w+")?$/, '') }),
      }),
    })
    const deps: Deps = { ...api.deps, db }
    const as = (who: number) => actorOf(admins[who] ?? '')
    return {
      request: async (who) => {
        let approvalId: string | undefined
        const status = await statusOf(201, async () => {
          const request = { ...GO_LIVE, reason: 'ready' }
          approvalId = (await approvals.requestApproval(deps, as(who), request, null)).approvalId
        })
        return { status, approvalId }
      },
      approve: async (who, id) => {
        let code: string | undefined
        const status = await statusOf(200, async () => {
          code = (await approvals.approveTransition(deps, as(who), id)).code
        })
        return { status, code }
      },
      revoke: (who, id) => statusOf(200, () => approvals.revokeApproval(deps, as(who), id, 'no')),
      transition: (to, approvalCode) =>
        statusOf(200, () =>
          transitionMode(deps, as(0), { ...(to === 'LIVE' ? GO_LIVE : GO_BACK), approvalCode }),
        ),
      configure: (value) =>
        statusOf(200, () => updateStrategy(deps, as(0), STRATEGY, { config: configOf(value) })),
    }
  }
