import type { deck, rl, v1 } from '@quantdeck/contracts'

import { alertRulesDeck } from '../features/alert-rules/deck.ts'
import { alertsV1 } from '../features/alerts/v1.ts'
import { apiKeysDeck } from '../features/api-keys/deck.ts'
import { auditDeck } from '../features/audit/deck.ts'
import { approvalsDeck } from '../features/approvals/deck.ts'
import { killSwitchDeck } from '../features/controls/deck.ts'
import { controlsV1 } from '../features/controls/v1.ts'
import { exportsDeck } from '../features/exports/deck.ts'
import { healthV1 } from '../features/health/v1.ts'
import { limitsBacktestsDeck } from '../features/limits-backtest/deck.ts'
import { limitsDeck } from '../features/limits/deck.ts'
import { marketDataDeck } from '../features/market-data/deck.ts'
import { marketDeck } from '../features/market/deck.ts'
import { metricsDeck } from '../features/metrics/deck.ts'
import { metricsV1 } from '../features/metrics/v1.ts'
import { inferencesDeck, modelsDeck } from '../features/models/deck.ts'
import { monitorRl } from '../features/models/rl.ts'
import { ordersDeck } from '../features/orders/deck.ts'
import { ordersV1 } from '../features/orders/v1.ts'
import { performanceRl } from '../features/performance/rl.ts'
import { positionsRl } from '../features/positions/rl.ts'
import { positionsV1 } from '../features/positions/v1.ts'
import { riskDeck } from '../features/risk/deck.ts'
import { riskRl } from '../features/risk/rl.ts'
import { runsDeck } from '../features/runs/deck.ts'
import { runsV1 } from '../features/runs/v1.ts'
import { sessionCookie } from '../features/session/cookie.ts'
import { sessionDeck, sessionsDeck } from '../features/session/deck.ts'
import { authV1 } from '../features/session/v1.ts'
import { sharesDeck } from '../features/shares/deck.ts'
import { signalsDeck } from '../features/signals/deck.ts'
import { signalsRl } from '../features/signals/rl.ts'
import { strategiesDeck } from '../features/strategies/deck.ts'
import { strategiesV1 } from '../features/strategies/v1.ts'
import { sweepsDeck } from '../features/sweeps/deck.ts'
import { tradesDeck } from '../features/trades/deck.ts'
import { usersDeck } from '../features/users/deck.ts'
import { webhooksDeck } from '../features/webhooks/deck.ts'
import { walkForwardsDeck } from '../features/walk-forwards/deck.ts'
import type { Implements } from './implement.ts'
import { router } from './init.ts'
import { streamRouter } from './stream.ts'

const v1Tree = {
  auth: authV1,
  metrics: metricsV1,
  strategies: strategiesV1,
  positions: positionsV1,
  orders: ordersV1,
  runs: runsV1,
  alerts: alertsV1,
  controls: controlsV1,
  health: healthV1,
} satisfies Implements<typeof v1>

const rlTree = {
  signals: signalsRl,
  performance: performanceRl,
  positions: positionsRl,
  risk: riskRl,
  monitor: monitorRl,
} satisfies Implements<typeof rl>

const deckTree = {
  signals: signalsDeck,
  inferences: inferencesDeck,
  models: modelsDeck,
  marketData: marketDataDeck,
  orders: ordersDeck,
  strategies: strategiesDeck,
  runs: runsDeck,
  limits: limitsDeck,
  limitsBacktests: limitsBacktestsDeck,
  sweeps: sweepsDeck,
  walkForwards: walkForwardsDeck,
  session: sessionDeck,
  sessions: sessionsDeck,
  users: usersDeck,
  shares: sharesDeck,
  apiKeys: apiKeysDeck,
  approvals: approvalsDeck,
  killSwitch: killSwitchDeck,
  audit: auditDeck,
  market: marketDeck,
  trades: tradesDeck,
  alertRules: alertRulesDeck,
  webhooks: webhooksDeck,
  exports: exportsDeck,
  metrics: metricsDeck,
  risk: riskDeck,
} satisfies Implements<typeof deck>

/** Everything the server answers. REST, tRPC and the document are made from this one value. */
export const appRouter = router({
  v1: v1Tree,
  rl: rlTree,
  deck: deckTree,
  stream: streamRouter,
  session: sessionCookie,
})

export type AppRouter = typeof appRouter
