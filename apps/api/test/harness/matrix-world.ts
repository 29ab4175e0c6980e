import {
  insertAlerts,
  insertBars,
  insertOrders,
  insertUser,
  shareStrategy,
  unshareStrategy,
  upsertMarks,
  upsertPositions,
  transaction,
} from '@quantdeck/db'
import { sampleAlert, sampleOrder, samplePosition } from '@quantdeck/db/testing'
import { Decimal, ensureDefined, HOUR_MS, VirtualClock, type Bar, type Role } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import { SCOPES } from '../../src/auth/actor.ts'
import { PASSWORD, startTestApi, type TestApi } from '../harness.ts'
import { makeResults } from './results.ts'
import { seedCatalog, seedQuarantinedBar, stock } from './seed.ts'

/** The columns of the matrix, in their order. Keys belong to an admin: what holds them back is their scope alone. */
export const PRINCIPALS = [
  'anonymous',
  'viewer',
  'shared',
  'owner',
  'stranger',
  'risk',
  'admin',
  'key:read',
  'key:signals',
  'key:orders',
  'key:market_data',
  'key:admin',
] as const
export type PrincipalName = (typeof PRINCIPALS)[number]

const ROLES: Partial<Record<PrincipalName, Role>> = {
  viewer: 'viewer',
  shared: 'trader',
  owner: 'trader',
  stranger: 'trader',
  risk: 'risk',
  admin: 'admin',
}

export interface Principal {
  readonly name: PrincipalName
  /** Null for keys and nobody. */
  readonly userId: string | null
  readonly email: string | null
  /** Access token or key; null for nobody. */
  credential: string | null
  password: string
}

const DAYS = 120

/** Daily bars from the first of January 2025. */
function wave(symbol: string): Bar[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const price = new Decimal((380 + 20 * Math.sin(index / 9)).toFixed(2))
    const day = Date.UTC(2025, 0, 1 + index)
    return {
      symbol,
      intervalSeconds: 86_400,
      openedAt: new Date(day + 14.5 * HOUR_MS),
      closedAt: new Date(day + 21 * HOUR_MS),
      open: price,
      high: price.plus(1),
      low: price.minus(1),
      close: price,
      volume: new Decimal(1_000),
      source: 'test',
    }
  })
}

/** One strategy with everything that can belong to one, its owner, and everybody who may come by. */
export class MatrixWorld {
  readonly api: TestApi
  readonly principals: Principal[] = []
  readonly strategyId = 'owned_v1'
  readonly positionId = randomUUID()
  readonly orderId = randomUUID()
  readonly alertId = randomUUID()
  runId = ''
  otherRunId = ''
  sweepId = ''
  walkForwardId = ''
  /** A second admin, who asks for what the first approves. */
  otherAdminId = ''
  /** A user who may be changed and shared with. */
  extraUserId = ''
  #made = 0

  constructor(api: TestApi) {
    this.api = api
  }

  static async create(): Promise<MatrixWorld> {
    const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))
    const world = new MatrixWorld(await startTestApi({ clock, heartbeatMs: 50 }))
    await world.#addPeople()
    await world.#addStrategy()
    return world
  }

  find(name: PrincipalName): Principal {
    return ensureDefined(
      this.principals.find((principal) => principal.name === name),
      name,
    )
  }

  userIdOf(name: PrincipalName): string {
    return ensureDefined(this.find(name).userId, name)
  }

  /** A name that was not used before. */
  fresh(prefix: string): string {
    return `${prefix}_${this.#made++}`
  }

  /** A new session, its password confirmed. */
  async enter(principal: Principal): Promise<void> {
    if (principal.userId === null) return
    principal.credential = await this.api.enter(principal.userId)
    const { db, clock } = this.api.deps
    await db.kysely
      .updateTable('sessions')
      .set({ confirmedAt: clock.now() })
      .where('userId', '=', principal.userId)
      .execute()
  }

  async sessionOf(name: PrincipalName): Promise<string> {
    const userId = this.userIdOf(name)
    const [, claims = ''] = (await this.api.enter(userId)).split('.')
    return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: string }).sid
  }

  async keyOf(name: PrincipalName): Promise<string> {
    const token = ensureDefined(this.find(name).credential, name)
    const { body } = await this.api.call('POST', '/v1/api-keys', {
      token,
      body: { name: 'fresh', scopes: ['read'] },
    })
    return (body as { data: { api_key_id: string } }).data.api_key_id
  }

  async approvalOfOther(): Promise<string> {
    const token = await this.api.enter(this.otherAdminId)
    const request = { strategy_id: this.strategyId, from_mode: 'PAPER', to_mode: 'LIVE', reason: 'matrix' }
    const { body } = await this.api.call('POST', '/v1/controls/approvals', { token, body: request })
    return (body as { data: { approval_id: string } }).data.approval_id
  }

  async setShare(isShared: boolean): Promise<void> {
    const { kysely } = this.api.deps.db
    if (isShared) await shareStrategy(kysely, this.strategyId, this.extraUserId)
    else await unshareStrategy(kysely, this.strategyId, this.extraUserId)
  }

  async #addPeople(): Promise<void> {
    const passwordHash = await this.api.deps.auth.passwords.hash(PASSWORD)
    for (const name of PRINCIPALS) {
      const role = ROLES[name]
      const userId = role === undefined ? null : await this.#addUser(name, role, passwordHash)
      const email = userId === null ? null : `matrix-${name}@example.com`
      const principal: Principal = { name, userId, email, credential: null, password: PASSWORD }
      this.principals.push(principal)
      await this.enter(principal)
    }
    this.otherAdminId = await this.#addUser('other-admin', 'admin', passwordHash)
    this.extraUserId = await this.#addUser('extra', 'viewer', passwordHash)
    const token = ensureDefined(this.find('admin').credential, 'admin')
    for (const scope of SCOPES) {
      const { body } = await this.api.call('POST', '/v1/api-keys', {
        token,
        body: { name: scope, scopes: [scope] },
      })
      this.find(`key:${scope}`).credential = (body as { data: { key: string } }).data.key
    }
  }

  async #addUser(name: string, role: Role, passwordHash: string): Promise<string> {
    const userId = randomUUID()
    const at = this.api.deps.clock.now()
    const email = `matrix-${name}@example.com`
    const user = { userId, email, name, role, passwordHash, createdAt: at, updatedAt: at }
    await insertUser(this.api.deps.db.kysely, user)
    return userId
  }

  async #addStrategy(): Promise<void> {
    const { deps } = this.api
    const { strategyId } = this
    const ownerId = this.userIdOf('owner')
    const seed = { strategyId, name: 'Owned', ownerId, isPublic: false, universe: ['MSFT'], capital: '10000' }
    await seedCatalog(deps, [stock('MSFT')], [{ ...seed, config: { model_type: 'buy_and_hold' } }])
    await transaction(deps.db, async (trx) => {
      await upsertMarks(trx, [
        { symbol: 'MSFT', price: new Decimal(380), at: deps.clock.now(), source: 'test' },
      ])
      await insertOrders(trx, [sampleOrder({ orderId: this.orderId, strategyId })])
      await upsertPositions(trx, [
        samplePosition({ positionId: this.positionId, strategyId, symbol: 'MSFT' }),
      ])
      await insertAlerts(trx, [sampleAlert({ alertId: this.alertId, strategyId })])
      await shareStrategy(trx, strategyId, this.userIdOf('shared'))
    })
    await this.#addHistory()
    await insertBars(deps.db.kysely, wave('MSFT'))
    const token = ensureDefined(this.find('owner').credential, 'owner')
    Object.assign(this, await makeResults(this.api, token, strategyId))
  }

  /** A change by its owner, so that there is a version to go back to. */
  async #addHistory(): Promise<void> {
    const token = ensureDefined(this.find('owner').credential, 'owner')
    const path = `/v1/strategies/${this.strategyId}`
    await this.api.call('PATCH', path, { token, body: { description: 'Changed once' } })
  }

  /** A bar in quarantine that nobody has decided yet. */
  async quarantinedBar(): Promise<string> {
    return seedQuarantinedBar(this.api.deps, new Date(Date.UTC(2024, 0, this.#made++)))
  }
}
