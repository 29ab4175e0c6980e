import * as rows from '@quantdeck/db'
import type { KillSwitchScope } from '@quantdeck/db'
import type { TradingMode, TradingState } from '@quantdeck/domain'
import { latchedTradingState, type RiskState } from '@quantdeck/risk'
import { type Actor, requirePerson } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import type { Books, StrategyBook } from '../../desk/books.ts'
import { foldAccount, foldStrategy } from '../../desk/risk-fold.ts'
import { accountEquity, strategyEquity } from '../../desk/valuation.ts'
import { strategyOf, worstState } from './effective-state.ts'

type DeskDeps = Pick<Deps, 'db' | 'desk'>

/** What the at-trade controls of a scope remember, one state for each account. A symbol has none. */
export async function latchesOf({ db, desk }: DeskDeps, scope: KillSwitchScope): Promise<RiskState[]> {
  const states: RiskState[] = []
  for (const { mode } of await rows.listAccounts(db.kysely)) {
    const state = await desk.read(mode, (books) => latchIn(books, scope)?.state)
    if (state !== undefined) states.push(state)
  }
  return states
}

/** Of the account for everything, of its own book for a strategy. */
export function latchIn(
  books: Books,
  scope: KillSwitchScope,
): { state: RiskState; book: StrategyBook | null } | null {
  if (scope === 'global') return { state: books.risk, book: null }
  const book = books.strategies.get(strategyOf(scope) ?? '')
  return book === undefined ? null : { state: book.risk, book }
}

/** What holds a scope in one account: switches, and latches of the risk engine, which halt like a switch does. */
export function stateInBooks(books: Books, scope: KillSwitchScope): TradingState {
  const own = latchIn(books, scope)
  return worstState([
    books.killLevels.get('global') ?? 'ACTIVE',
    books.killLevels.get(scope) ?? 'ACTIVE',
    latchedTradingState(books.risk),
    own === null ? 'ACTIVE' : latchedTradingState(own.state),
  ])
}

interface LatchRelease {
  scope: KillSwitchScope
  reason: string
  /** Asked before an account's latch is released, under the account's lock. */
  assertMayRelease: (mode: TradingMode, books: Books) => void
}

/** A person ends the latches of a scope; their peak is re-based to the equity of now, or they would fire again at once. */
export async function releaseLatches(deps: Deps, actor: Actor, release: LatchRelease): Promise<void> {
  requirePerson(actor, 'admin')
  const { scope, reason, assertMayRelease } = release
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    await deps.desk.run(mode, async (ctx, trx) => {
      const latch = latchIn(ctx.books, scope)
      if (latch === null || latchedTradingState(latch.state) === 'ACTIVE') return
      assertMayRelease(mode, ctx.books)
      const { book, state: before } = latch
      const held = book ? strategyEquity(ctx.books, book, ctx.at) : accountEquity(ctx.books, ctx.at)
      const event = { type: 'released' as const, at: ctx.at.getTime(), equity: held.equity.toFixed() }
      if (book) foldStrategy(ctx, book, event)
      else foldAccount(ctx, event)
      await rows.appendAudit(trx, [
        {
          ...auditFacts(actor, ctx.at),
          action: 'risk_latch.release',
          entity: 'risk_state',
          entityId: before.scope,
          before: { level: latchedTradingState(before), peak_equity: before.peakEquity },
          after: { level: 'ACTIVE', peak_equity: event.equity },
          reason,
        },
      ])
    })
  }
}
