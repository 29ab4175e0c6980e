import { v1 } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import { type Handler, implement, type Implements } from '../../trpc/implement.ts'
import { dateRange } from '../date-range.ts'
import { acknowledgeAlert, listAlerts } from './operations.ts'
import { presentAlert } from './present-v1.ts'

/** One page; the export of the whole list is made of the same. */
export const alertPage: Handler<typeof v1.alerts.list> = async ({ deps, actor, input }) => {
  const { page, per_page, from_date, to_date, severity, acknowledged, strategy_id } = input
  const found = await listAlerts(deps, actor, {
    severity,
    acknowledged,
    strategyId: strategy_id,
    ...dateRange(from_date, to_date),
    page,
    perPage: per_page,
  })
  return {
    data: found.alerts.map(presentAlert),
    meta: {
      total_count: found.totalCount,
      unacknowledged_count: found.unacknowledgedCount,
      page,
      per_page,
    },
  }
}

export const alertsV1 = {
  list: implement(v1.alerts.list, alertPage, { isReusable: true }),
  acknowledge: implement(v1.alerts.acknowledge, async ({ deps, actor, input }) => {
    const alert = await acknowledgeAlert(deps, actor, input.alert_id)
    const acknowledgedAt = alert.acknowledgedAt ?? deps.clock.now()
    return {
      message: 'Alert acknowledged',
      data: { alert_id: alert.alertId, acknowledged: true, acknowledged_at: formatInstant(acknowledgedAt) },
    }
  }),
} satisfies Implements<typeof v1.alerts>
