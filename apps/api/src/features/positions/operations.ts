import {
  cutPage,
  findInstrument,
  findPosition,
  findStrategy,
  listFillsOfRoundTrip,
  listInstruments,
  listMarks,
  listOpenPositions,
  listStrategies,
} from '@quantdeck/db'
import {
  type Fill,
  type Instrument,
  notFound,
  type Position,
  type Strategy,
  type TradingMode,
  ensureDefined,
  ZERO,
} from '@quantdeck/domain'
import type { Actor } from '../../auth/actor.ts'
import { isVisible, visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'
import { type PositionValue, valuePosition } from '../../desk/valuation.ts'
import type { PageNumber } from '../../pages/page-walks.ts'

/** An open (or closed) position with everything that is needed to show it. */
export interface ValuedPosition {
  position: Position
  strategy: Strategy
  instrument: Instrument
  value: PositionValue
}

export interface PositionQuery {
  strategyId?: string
  symbol?: string
  mode?: TradingMode
}

/** All open positions in sight, recent first, at their current marks. */
export async function listPositions(
  deps: Deps,
  actor: Actor,
  query: PositionQuery,
): Promise<ValuedPosition[]> {
  const visible = await visibleStrategyIds(deps, actor)
  const { kysely } = deps.db
  const positions = await listOpenPositions(kysely, { visible, ...query })
  const strategies = new Map((await listStrategies(kysely, { visible })).map((one) => [one.strategyId, one]))
  const instruments = new Map((await listInstruments(kysely)).map((one) => [one.symbol, one]))
  const marks = new Map((await listMarks(kysely)).map((mark) => [mark.symbol, mark.price]))
  return positions.map((position) => {
    const instrument = ensureDefined(instruments.get(position.symbol), position.symbol)
    return {
      position,
      instrument,
      strategy: ensureDefined(strategies.get(position.strategyId), position.strategyId),
      value: valuePosition(position, instrument, marks.get(position.symbol) ?? null),
    }
  })
}

/** One page of them, and all that the page's totals are of. */
export async function listPositionPage(
  deps: Deps,
  actor: Actor,
  query: PositionQuery,
  number: PageNumber,
): Promise<{ shown: ValuedPosition[]; all: ValuedPosition[] }> {
  const positions = await listPositions(deps, actor, query)
  const placeOf = ({ position: { openedAt, seq } }: ValuedPosition) => ({ at: openedAt, seq })
  return cutPage(positions, placeOf, deps.pages.page(actor, 'positions', query, number))
}

export interface PositionDetail extends ValuedPosition {
  /** Fills that opened or grew it. */
  entries: Fill[]
}

/** @throws AppError NOT_FOUND, for another's position as for an unknown one */
export async function getPosition(deps: Deps, actor: Actor, positionId: string): Promise<PositionDetail> {
  const visible = await visibleStrategyIds(deps, actor)
  const { kysely } = deps.db
  const position = await findPosition(kysely, positionId)
  if (!position || !isVisible(visible, position.strategyId)) throw notFound('Position')
  const strategy = ensureDefined(await findStrategy(kysely, position.strategyId), position.strategyId)
  const instrument = ensureDefined(await findInstrument(kysely, position.symbol), position.symbol)
  const mark = (await listMarks(kysely)).find(({ symbol }) => symbol === position.symbol)
  const fills = await listFillsOfRoundTrip(kysely, position)
  return {
    position,
    strategy,
    instrument,
    value: valuePosition(position, instrument, mark?.price ?? null),
    entries: entriesOf(position, fills),
  }
}

/**
 * The fills that opened or grew a position. What its side traded at the opening instant beyond that closed the position
 * before it: the closing leg of a reversal, or the first part of a flip.
 */
function entriesOf(position: Position, fills: readonly Fill[]): Fill[] {
  const entries = fills.filter((fill) => fill.side === position.side)
  const entered = position.quantity.abs().plus(position.closedQuantity)
  let excess = entries.reduce((sum, fill) => sum.plus(fill.quantity), ZERO).minus(entered)
  return entries.flatMap((fill) => {
    const quantity = fill.quantity.minus(excess)
    if (quantity.lte(0)) {
      excess = quantity.neg()
      return []
    }
    excess = ZERO
    return [{ ...fill, quantity }]
  })
}
