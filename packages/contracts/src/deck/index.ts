import { deckAlertRules } from './alert-rules.ts'
import { deckApiKeys } from './api-keys.ts'
import { deckAudit } from './audit.ts'
import { deckApprovals } from './approvals.ts'
import { deckKillSwitch } from './controls.ts'
import { deckExports } from './exports.ts'
import { deckLimitsBacktests } from './limits-backtest.ts'
import { deckLimits } from './limits.ts'
import { deckMarketData } from './market-data.ts'
import { deckMarketStatus } from './market-status.ts'
import { deckMetrics } from './metrics.ts'
import { deckInferences, deckModels } from './models.ts'
import { deckOrders } from './orders.ts'
import { deckRisk } from './risk.ts'
import { deckRuns } from './runs.ts'
import { deckSession } from './session.ts'
import { deckSessions } from './sessions.ts'
import { deckShares } from './shares.ts'
import { deckSignals } from './signals.ts'
import { deckStrategies } from './strategies.ts'
import { deckSweeps } from './sweeps.ts'
import { deckTrades } from './trades.ts'
import { deckUsers } from './users.ts'
import { deckWebhooks } from './webhooks.ts'
import { deckWalkForwards } from './walk-forwards.ts'

/** What neither document has, in the style of v1. */
export const deck = {
  signals: deckSignals,
  inferences: deckInferences,
  models: deckModels,
  marketData: deckMarketData,
  orders: deckOrders,
  strategies: deckStrategies,
  runs: deckRuns,
  limits: deckLimits,
  limitsBacktests: deckLimitsBacktests,
  sweeps: deckSweeps,
  walkForwards: deckWalkForwards,
  session: deckSession,
  sessions: deckSessions,
  users: deckUsers,
  shares: deckShares,
  apiKeys: deckApiKeys,
  approvals: deckApprovals,
  killSwitch: deckKillSwitch,
  audit: deckAudit,
  market: deckMarketStatus,
  trades: deckTrades,
  alertRules: deckAlertRules,
  webhooks: deckWebhooks,
  exports: deckExports,
  metrics: deckMetrics,
  risk: deckRisk,
}

export * from './alert-rules.ts'
export * from './api-keys.ts'
export * from './audit.ts'
export * from './bars.ts'
export * from './approvals.ts'
export * from './controls.ts'
export * from './data-quality.ts'
export * from './exports.ts'
export * from './instruments.ts'
export * from './limits-backtest.ts'
export * from './limits.ts'
export * from './market-data.ts'
export * from './market-status.ts'
export * from './metrics.ts'
export * from './models.ts'
export * from './orders.ts'
export * from './quarantine.ts'
export * from './risk.ts'
export * from './runs.ts'
export * from './session.ts'
export * from './sessions.ts'
export * from './shares.ts'
export * from './signals.ts'
export * from './strategies.ts'
export * from './studies.ts'
export * from './sweeps.ts'
export * from './trades.ts'
export * from './users.ts'
export * from './webhooks.ts'
export * from './walk-forwards.ts'
