import { rl, type RlRiskStatusResponse } from '@quantdeck/contracts'
import { formatInstant, MINUTE_MS, percentNumber, roundNumber } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { riskStatus, type RiskStatus } from './operations.ts'

export const riskRl = {
  status: implement(rl.risk.status, async ({ deps, actor, input }) =>
    presentRiskStatus(await riskStatus(deps, actor, input.strategy_code)),
  ),
} satisfies Implements<typeof rl.risk>

/** Here, and only here, a drawdown is shown as a positive number. */
export function presentRiskStatus(status: RiskStatus): RlRiskStatusResponse {
  const { limits, cooldownUntil, at } = status
  const remainingMs = cooldownUntil === null ? 0 : cooldownUntil.getTime() - at.getTime()
  return {
    kill_switch_active: status.killSwitchActive,
    current_drawdown_pct: percentNumber(status.currentDrawdown.abs(), 4),
    daily_pnl_pct: percentNumber(status.dailyPnl, 4),
    trades_today: status.tradesToday,
    consecutive_losses: status.consecutiveLosses,
    cooldown_active: cooldownUntil !== null,
    cooldown_until: cooldownUntil === null ? null : formatInstant(cooldownUntil),
    limits: {
      max_drawdown_pct: percentNumber(Number(limits.maxDrawdown)),
      max_daily_loss_pct: percentNumber(Number(limits.maxDailyLoss)),
      max_trades_per_day: limits.maxTradesPerDay,
    },
    trades_remaining: Math.max(0, limits.maxTradesPerDay - status.tradesToday),
    daily_blocked: status.dailyBlocked,
    cooldown_remaining_minutes: roundNumber(remainingMs / MINUTE_MS, 2),
    is_paper_trading: status.mode === 'PAPER',
    last_updated: formatInstant(at),
  }
}
