import type { Tone } from '../../components/ui/badge.tsx'
import type { Outputs } from '../../lib/app-router.ts'

export type RiskStatus = Outputs['rl']['risk']['status']
export type RiskRule = 'kill' | 'drawdown' | 'cooldown' | 'trades'
export type RiskColour = 'red' | 'orange' | 'yellow' | 'green'

/** Percent: the orange level of the rl contract's table. */
export const DRAWDOWN_WARNING_PCT = 10
/** Share of the day's trades from which the rl contract's table is yellow. */
export const TRADES_WARNING_SHARE = 0.8

const COLOUR: Record<RiskRule, RiskColour> = {
  kill: 'red',
  drawdown: 'orange',
  cooldown: 'yellow',
  trades: 'yellow',
}

export const RISK_TONE: Record<RiskColour, Tone> = {
  red: 'bad',
  orange: 'warn',
  yellow: 'watch',
  green: 'ok',
}

/** The conditions that hold, in the contract's order: the first decides the colour. */
export function riskRules(risk: RiskStatus): RiskRule[] {
  const rules: [RiskRule, boolean][] = [
    ['kill', risk.kill_switch_active],
    ['drawdown', Math.abs(risk.current_drawdown_pct) > DRAWDOWN_WARNING_PCT],
    ['cooldown', risk.cooldown_active],
    ['trades', risk.trades_today >= TRADES_WARNING_SHARE * risk.limits.max_trades_per_day],
  ]
  return rules.filter(([, holds]) => holds).map(([rule]) => rule)
}

export function riskColour(risk: RiskStatus): RiskColour {
  const [first] = riskRules(risk)
  return first === undefined ? 'green' : COLOUR[first]
}

/** Share of the daily loss limit used: a gain uses nothing. */
export function dailyLossPct(risk: RiskStatus): number {
  return Math.max(0, -risk.daily_pnl_pct)
}
