import * as rows from '@quantdeck/db'
import { transaction, type Trx } from '@quantdeck/db'
import { AppError, notFound } from '@quantdeck/domain'

import { announceAccessChange } from '../../auth/access-events.ts'
import { requireRole, requireScope, type Actor } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import { mayChangeStrategy, requireStrategy } from '../../auth/visibility.ts'
import type { CoreDeps } from '../../deps.ts'

export interface Share {
  strategyId: string
  userId: string
  email: string
  name: string
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function listShares(deps: CoreDeps, actor: Actor, strategyId: string): Promise<Share[]> {
  await requireOwner(deps, actor, strategyId)
  const users = await rows.listUsers(deps.db.kysely)
  const shared = new Set(await rows.listStrategyShares(deps.db.kysely, strategyId))
  return users.filter(({ userId }) => shared.has(userId)).map((user) => toShare(strategyId, user))
}

interface ShareKey {
  strategyId: string
  userId: string
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function getShare(deps: CoreDeps, actor: Actor, key: ShareKey): Promise<Share> {
  const shares = await listShares(deps, actor, key.strategyId)
  const share = shares.find(({ userId }) => userId === key.userId)
  if (share === undefined) throw notFound('Share')
  return share
}

/** The user sees the strategy from now on. Repeating it changes nothing. @throws AppError NOT_FOUND, FORBIDDEN */
export async function shareStrategy(deps: CoreDeps, actor: Actor, key: ShareKey): Promise<Share> {
  const { strategyId, userId } = key
  await requireOwner(deps, actor, strategyId)
  const share = await transaction(deps.db, async (trx) => {
    const user = await rows.findUser(trx, userId)
    if (user?.status !== 'active') throw notFound('User')
    if (await rows.shareStrategy(trx, strategyId, userId)) await record(deps, trx, actor, key, 'share')
    return toShare(strategyId, user)
  })
  deps.auth.accessChanged()
  return share
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function unshareStrategy(deps: CoreDeps, actor: Actor, key: ShareKey): Promise<void> {
  const { strategyId, userId } = key
  await requireOwner(deps, actor, strategyId)
  await transaction(deps.db, async (trx) => {
    const user = await rows.findUser(trx, userId)
    if (user === null || !(await rows.unshareStrategy(trx, strategyId, userId))) throw notFound('Share')
    await record(deps, trx, actor, key, 'unshare')
  })
  deps.auth.accessChanged()
}

function toShare(strategyId: string, { userId, email, name }: rows.User): Share {
  return { strategyId, userId, email, name }
}

/** Its owner or an admin. Whom it is shared with learns that only they may do this; for anybody else it is unknown. */
async function requireOwner(deps: CoreDeps, actor: Actor, strategyId: string): Promise<void> {
  requireRole(actor, 'trader')
  requireScope(actor, 'admin')
  const strategy = await requireStrategy(deps, actor, strategyId)
  if (!mayChangeStrategy(actor, strategy)) {
    throw new AppError('FORBIDDEN', 'Only its owner or an admin may do this')
  }
}

async function record(
  { clock }: CoreDeps,
  trx: Trx,
  actor: Actor,
  { strategyId, userId }: ShareKey,
  verb: 'share' | 'unshare',
): Promise<void> {
  const at = clock.now()
  const change =
    verb === 'share'
      ? { before: null, after: { user_id: userId } }
      : { before: { user_id: userId }, after: null }
  await rows.appendAudit(trx, [
    {
      ...auditFacts(actor, at),
      ...change,
      action: `strategy.${verb}`,
      entity: 'strategy',
      entityId: strategyId,
      reason: null,
    },
  ])
  await announceAccessChange(trx, userId, at)
}
