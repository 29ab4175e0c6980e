import { type AlertRecord, listAlerts } from '@quantdeck/db'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { visibleStrategyIds } from '../../auth/visibility.ts'
import type { Deps } from '../../deps.ts'

/** What a limit or a person did to trading; each of them is an alert of its own. */
const RISK_EVENT_CODES = [
  'KILL_SWITCH_ACTIVATED',
  'KILL_SWITCH_RELEASED',
  'KILL_SWITCH_DRAWDOWN',
  'DRAWDOWN_WARNING',
  'DAILY_LOSS_LIMIT',
  'COOLDOWN_STARTED',
  'STOP_LOSS_GUARD',
  'MAX_TRADES_PER_DAY',
  'PRICE_COLLAR_TRIPPED',
  'EXECUTION_THROTTLE',
  'RECONCILIATION_DIFFERENCE',
  'MODE_TRANSITION',
] as const

const MOST = 200

export interface RiskEvents {
  events: AlertRecord[]
  totalCount: number
}

/** The stops, warnings and moves of a window, recent first; of the strategies in sight and of all trading. */
export async function listRiskEvents(
  deps: Deps,
  actor: Actor,
  query: { from?: Date; to?: Date; strategyId?: string },
): Promise<RiskEvents> {
  requireRole(actor, 'viewer')
  const visible = await visibleStrategyIds(deps, actor)
  const filter = { ...query, visible, codes: RISK_EVENT_CODES }
  const { alerts, totalCount } = await listAlerts(deps.db.kysely, filter, { limit: MOST, offset: 0 })
  return { events: alerts, totalCount }
}
