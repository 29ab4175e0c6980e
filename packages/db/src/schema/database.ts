import type { UsersTable } from './users.ts'
import type { SessionsTable } from './sessions.ts'
import type { RefreshTokensTable } from './refresh-tokens.ts'
import type { LoginLinksTable } from './login-links.ts'
import type { ApiKeysTable } from './api-keys.ts'
import type { IdempotencyKeysTable } from './idempotency-keys.ts'
import type { SettingsTable } from './settings.ts'
import type { InstrumentsTable } from './instruments.ts'
import type { MarksTable } from './marks.ts'
import type { BarChunksTable } from './bar-chunks.ts'
import type { BarsTable } from './bars.ts'
import type { BarImportsTable } from './bar-imports.ts'
import type { BarQuarantineTable } from './bar-quarantine.ts'
import type { AccountsTable } from './accounts.ts'
import type { StrategiesTable } from './strategies.ts'
import type { StrategyHistoryTable } from './strategy-history.ts'
import type { StrategySharesTable } from './strategy-shares.ts'
import type { StrategyLimitsTable } from './strategy-limits.ts'
import type { GlobalLimitsTable } from './global-limits.ts'
import type { SignalsTable } from './signals.ts'
import type { InferencesTable } from './inferences.ts'
import type { ModelBaselinesTable } from './model-baselines.ts'
import type { OrderCountsTable } from './order-counts.ts'
import type { OrdersTable } from './orders.ts'
import type { FillsTable } from './fills.ts'
import type { PositionsTable } from './positions.ts'
import type { EquityPointsTable } from './equity-points.ts'
import type { RunsTable } from './runs.ts'
import type { RunResultsTable } from './run-results.ts'
import type { AlertsTable } from './alerts.ts'
import type { RiskEventsTable } from './risk-events.ts'
import type { RiskStatesTable } from './risk-states.ts'
import type { KillSwitchesTable } from './kill-switches.ts'
import type { FlattensTable } from './flattens.ts'
import type { ApprovalsTable } from './approvals.ts'
import type { ReleaseRequestsTable } from './release-requests.ts'
import type { AuditLogTable } from './audit-log.ts'
import type { OutboxTable } from './outbox.ts'
import type { SealerHeadsTable } from './sealer-heads.ts'
import type { WsTicketsTable } from './ws-tickets.ts'
import type { StudiesTable } from './studies.ts'
import type { AlertRulesTable } from './alert-rules.ts'
import type { WebhooksTable } from './webhooks.ts'
import type { WebhookAttemptsTable, WebhookDeliveriesTable } from './webhook-deliveries.ts'

/** Every table, in camelCase; the CamelCasePlugin translates. */
export interface Tables {
  users: UsersTable
  sessions: SessionsTable
  refreshTokens: RefreshTokensTable
  loginLinks: LoginLinksTable
  apiKeys: ApiKeysTable
  idempotencyKeys: IdempotencyKeysTable
  settings: SettingsTable
  instruments: InstrumentsTable
  marks: MarksTable
  bars: BarsTable
  barChunks: BarChunksTable
  barImports: BarImportsTable
  barQuarantine: BarQuarantineTable
  accounts: AccountsTable
  strategies: StrategiesTable
  strategyHistory: StrategyHistoryTable
  strategyShares: StrategySharesTable
  strategyLimits: StrategyLimitsTable
  globalLimits: GlobalLimitsTable
  signals: SignalsTable
  inferences: InferencesTable
  modelBaselines: ModelBaselinesTable
  orders: OrdersTable
  orderCounts: OrderCountsTable
  fills: FillsTable
  positions: PositionsTable
  equityPoints: EquityPointsTable
  runs: RunsTable
  runResults: RunResultsTable
  alerts: AlertsTable
  riskEvents: RiskEventsTable
  riskStates: RiskStatesTable
  killSwitches: KillSwitchesTable
  flattens: FlattensTable
  releaseRequests: ReleaseRequestsTable
  approvals: ApprovalsTable
  auditLog: AuditLogTable
  outbox: OutboxTable
  sealerHeads: SealerHeadsTable
  wsTickets: WsTicketsTable
  studies: StudiesTable
  alertRules: AlertRulesTable
  webhooks: WebhooksTable
  webhookDeliveries: WebhookDeliveriesTable
  webhookAttempts: WebhookAttemptsTable
}
