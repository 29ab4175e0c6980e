import { type AlertSeverity, Decimal, formatInstant, formatPercent, type JsonValue } from '@quantdeck/domain'
import type { RiskEvent, RiskLimits, RiskState, RiskTransition } from '@quantdeck/risk'
import type { NewAlert } from './changes.ts'

interface RiskMoment {
  scope: string
  strategyId: string | null
  before: RiskState
  state: RiskState
  limits: RiskLimits
  event: RiskEvent
  at: Date
}

interface AlertText {
  severity: AlertSeverity
  code: string
  message: string
  context: Record<string, JsonValue>
}

/** The alerts that changes of a risk state raise. Context carries negative percentages as decimal strings. */
export function riskAlerts(found: readonly RiskTransition[], moment: RiskMoment): NewAlert[] {
  return found.flatMap((transition) => {
    const text = alertText(transition, moment)
    if (!text) return []
    const subject: Record<string, JsonValue> =
      moment.strategyId === null ? { scope: moment.scope } : { strategy_id: moment.strategyId }
    return [
      {
        ...text,
        context: { ...subject, ...text.context },
        strategyId: moment.strategyId,
        createdAt: moment.at,
        dedupeKey: `${moment.scope}:${transition}:${moment.at.getTime()}`,
      },
    ]
  })
}

function alertText(transition: RiskTransition, moment: RiskMoment): AlertText | null {
  const { limits, state, event } = moment
  const equity = 'equity' in event ? new Decimal(event.equity) : null
  switch (transition) {
    case 'drawdown_warning':
      return {
        severity: 'WARNING',
        code: 'DRAWDOWN_WARNING',
        message: `Drawdown warning: ${lossPct(state.peakEquity, equity)}% from the peak, the kill switch is at ${negativePct(limits.maxDrawdown)}%`,
        context: {
          current_drawdown: lossPct(state.peakEquity, equity),
          threshold: negativePct(limits.drawdownWarning),
        },
      }
    case 'drawdown_tripped':
      return {
        severity: 'CRITICAL',
        code: 'KILL_SWITCH_DRAWDOWN',
        message: `Kill switch triggered: Max drawdown exceeded ${negativePct(limits.maxDrawdown)}%`,
        context: {
          current_drawdown: lossPct(state.peakEquity, equity),
          threshold: negativePct(limits.maxDrawdown),
        },
      }
    case 'daily_loss_blocked':
      return {
        severity: 'ERROR',
        code: 'DAILY_LOSS_LIMIT',
        message: `Daily loss limit reached: no entries until the next session (limit ${negativePct(limits.maxDailyLoss)}%)`,
        context: {
          daily_pnl: lossPct(state.dayOpenEquity, equity),
          threshold: negativePct(limits.maxDailyLoss),
        },
      }
    case 'trades_warning':
      return {
        severity: 'INFO',
        code: 'TRADES_NEAR_LIMIT',
        message: `${state.entryOrderIds.length} of ${limits.maxTradesPerDay} trades today`,
        context: { trades_today: state.entryOrderIds.length, max_trades_per_day: limits.maxTradesPerDay },
      }
    case 'trades_blocked':
      return {
        severity: 'WARNING',
        code: 'MAX_TRADES_PER_DAY',
        message: `Trade limit reached: ${state.entryOrderIds.length} of ${limits.maxTradesPerDay} trades today, no entries until the next session`,
        context: { trades_today: state.entryOrderIds.length, max_trades_per_day: limits.maxTradesPerDay },
      }
    case 'cooldown_started':
      return {
        severity: 'WARNING',
        code: 'COOLDOWN_STARTED',
        message: `Cooldown of ${limits.cooldownMinutes} minutes after ${state.consecutiveLosses} losing trades in a row`,
        context: {
          consecutive_losses: state.consecutiveLosses,
          cooldown_until: state.cooldownUntil === null ? null : formatInstant(new Date(state.cooldownUntil)),
        },
      }
    case 'stop_loss_guard_locked':
      return {
        severity: 'WARNING',
        code: 'STOP_LOSS_GUARD',
        message: 'Stop-loss guard locked entries',
        context: {},
      }
    case 'collar_tripped':
      return {
        severity: 'ERROR',
        code: 'PRICE_COLLAR_TRIPPED',
        message: 'Repeated price collar breaches: only reducing orders pass',
        context: { breaches: state.collarBreaches.length },
      }
    case 'throttle_warning':
    case 'throttle_tripped':
      return {
        severity: transition === 'throttle_tripped' ? 'ERROR' : 'WARNING',
        code: 'EXECUTION_THROTTLE',
        message: `${state.executions} automated executions since the throttle was armed`,
        context: { executions: state.executions },
      }
    case 'reconciliation_tripped':
      return {
        severity: 'CRITICAL',
        code: 'RECONCILIATION_DIFFERENCE',
        message:
          'Orders or positions differ from the broker: only reducing orders pass until they agree again',
        context: { passes_needed: limits.reconciliationPasses },
      }
    case 'cooldown_extended':
    case 'reconciliation_cleared':
    case 'released':
      return null
  }
}

/** "0.15" -> "-15", "0.055" -> "-5.5" */
function negativePct(fraction: string): string {
  return new Decimal(fraction).times(-100).toFixed()
}

/** The loss from a base to the equity in percent, two places, negative. */
function lossPct(base: string, equity: Decimal | null): string {
  const from = new Decimal(base)
  if (equity === null || from.isZero()) return '0.00'
  return formatPercent(equity.minus(from).div(from))
}
