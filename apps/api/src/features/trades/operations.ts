import { cutPage, listTrades as queryTrades } from '@quantdeck/db'
import type { Position, TradingMode } from '@quantdeck/domain'
import type { Actor } from '../../auth/actor.ts'
import { visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import type { PageNumber } from '../../pages/page-walks.ts'
import { type InstrumentMap, instrumentMap } from '../orders/operations.ts'

export interface TradeQuery {
  strategyId?: string
  symbol?: string
  mode?: TradingMode
  from?: Date
  to?: Date
}

/** Closed round trips in sight, recently closed first. */
export async function listTrades(
  deps: Deps,
  actor: Actor,
  query: TradeQuery,
): Promise<{ trades: Position[]; instruments: InstrumentMap }> {
  const visible = await visibleStrategyIds(deps, actor)
  return {
    trades: await queryTrades(deps.db.kysely, { visible, ...query }),
    instruments: await instrumentMap(deps),
  }
}

/** One page of them, and all that the page's totals are of. */
export async function listTradePage(
  deps: Deps,
  actor: Actor,
  query: TradeQuery,
  number: PageNumber,
): Promise<{ shown: Position[]; all: Position[]; instruments: InstrumentMap }> {
  const { trades, instruments } = await listTrades(deps, actor, query)
  const placeOf = ({ closedAt, seq }: Position) => ({ at: closedAt, seq })
  return { ...cutPage(trades, placeOf, deps.pages.page(actor, 'trades', query, number)), instruments }
}
