import * as rows from '@quantdeck/db'
import { type TradingState } from '@quantdeck/domain'
import { type Actor, requirePerson } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import { foldStrategy } from '../../desk/risk-fold.ts'
import { scopeOf } from './operations-kill-switch.ts'
import { stateInBooks } from './risk-latches.ts'

export interface Rearmed {
  strategyId: string
  /** Automated executions that the throttle had counted. */
  executions: number
  wasTripped: boolean
  /** Effective state of the strategy now: other latches and switches hold on. */
  state: TradingState
}

/**
 * Arms the execution throttle (R16) of a strategy again: it counts from 0, and what it stopped goes on. Nothing else is
 * released by it.
 * @throws AppError FORBIDDEN for a key or anybody below risk, NOT_FOUND
 */
export async function rearmStrategy(
  deps: Deps,
  actor: Actor,
  { strategyId, reason }: { strategyId: string; reason: string },
): Promise<Rearmed> {
  requirePerson(actor, 'risk')
  const scope = await scopeOf(deps, actor, { strategyId })
  const rearmed: Rearmed = { strategyId, executions: 0, wasTripped: false, state: 'ACTIVE' }
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    await deps.desk.run(mode, (ctx) => {
      const book = ctx.books.strategies.get(strategyId)
      if (book === undefined) return
      const { executions, throttleTrippedAt, scope: entityId } = book.risk
      foldStrategy(ctx, book, { type: 'rearmed', at: ctx.at.getTime() })
      rearmed.executions += executions
      rearmed.wasTripped ||= throttleTrippedAt !== null
      if (book.strategy.mode === mode) rearmed.state = stateInBooks(ctx.books, scope)
      if (executions === 0 && throttleTrippedAt === null) return
      ctx.changes.audit.push({
        ...auditFacts(actor, ctx.at),
        ...{ action: 'execution_throttle.rearm', entity: 'risk_state', entityId, reason },
        before: { executions, tripped: throttleTrippedAt !== null },
        after: { executions: 0, tripped: false },
      })
    })
  }
  return rearmed
}
