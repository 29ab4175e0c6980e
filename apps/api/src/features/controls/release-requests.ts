import { createHash } from 'node:crypto'
import * as rows from '@quantdeck/db'
import type { KillSwitch, KillSwitchScope, ReleaseRequest } from '@quantdeck/db'
import { AppError } from '@quantdeck/domain'
import { latchedTradingState } from '@quantdeck/risk'
import type { Deps } from '../../deps.ts'
import { statusAt } from '../approvals/machine.ts'
import { affectedStrategies, strategyOf } from './effective-state.ts'
import { latchesOf } from './risk-latches.ts'

type Queryable = Parameters<typeof rows.listKillSwitches>[0]

/** What stops a scope: its switch, and a hash of that and of its latches, to which an approval is bound. */
export interface Held {
  row: KillSwitch | null
  hash: string
}

export async function heldNow(deps: Pick<Deps, 'db' | 'desk'>, scope: KillSwitchScope): Promise<Held> {
  const row = (await rows.listKillSwitches(deps.db.kysely)).find((one) => one.scope === scope) ?? null
  const latches = (await latchesOf(deps, scope)).map(
    ({ scope: name, drawdownTrippedAt, collarTrippedAt, throttleTrippedAt }) => [
      ...[name, drawdownTrippedAt, collarTrippedAt, throttleTrippedAt],
    ],
  )
  const facts = JSON.stringify([row?.level ?? 'ACTIVE', row?.updatedAt ?? null, latches])
  return { row, hash: createHash('sha256').update(facts).digest('hex') }
}

export function isSameStop(a: KillSwitch | null, b: KillSwitch | null): boolean {
  return a?.level === b?.level && a?.updatedAt.getTime() === b?.updatedAt.getTime()
}

/** LIVE strategies that would trade again: by the scope's switch, or by a latch that is released with it. */
export async function liveAffected(
  deps: Pick<Deps, 'db' | 'desk'>,
  scope: KillSwitchScope,
): Promise<string[]> {
  const bySwitch = await liveHeldBySwitch(deps.db.kysely, scope)
  const live = (await rows.listStrategies(deps.db.kysely, { visible: 'all', mode: 'LIVE' })).map(
    ({ strategyId }) => strategyId,
  )
  if (live.length === 0) return []
  const isLatched = await deps.desk.read('LIVE', ({ risk, strategies }) => {
    const own = strategies.get(strategyOf(scope) ?? '')?.risk
    const latch = scope === 'global' ? risk : own
    return latch !== undefined && latchedTradingState(latch) !== 'ACTIVE'
  })
  const byLatch = isLatched ? live.filter((id) => scope === 'global' || scope === `strategy:${id}`) : []
  return [...new Set([...bySwitch, ...byLatch])].sort()
}

/** The same of the switch alone, also inside the transaction that releases it. */
export async function liveHeldBySwitch(db: Queryable, scope: KillSwitchScope): Promise<string[]> {
  const live = await rows.listStrategies(db, { visible: 'all', mode: 'LIVE' })
  if (live.length === 0) return []
  const before = await rows.listKillSwitches(db)
  return affectedStrategies(
    live,
    before,
    before.filter((one) => one.scope !== scope),
  )
}

/** @throws AppError FORBIDDEN for who asked, CONFLICT when it was decided or what is stopped changed meanwhile */
export function assertApprovable(
  request: ReleaseRequest,
  by: { userId: string | null; at: Date; heldHash: string },
): void {
  if (request.requestedBy === by.userId || by.userId === null)
    throw new AppError('FORBIDDEN', 'Another admin than the one who asked has to approve')
  assertOpen(request, by.at)
  if (request.heldHash !== by.heldHash) throw changed()
}

/** @throws AppError CONFLICT */
export function assertOpen(request: ReleaseRequest, at: Date): void {
  const status = statusAt(request, at)
  if (status !== 'REQUESTED') throw new AppError('CONFLICT', `The approval is ${status}`)
}

export function changed(): AppError {
  return new AppError('CONFLICT', 'What is stopped was changed after the request: ask again')
}
