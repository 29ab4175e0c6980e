/* Inferred types of every answer and of its parts, by the names they have in the OpenAPI document. */
import type * as z from 'zod'
import type { v1Alert, v1AlertListResponse, v1AlertAcknowledgeResponse } from './v1/alerts.ts'
import type { v1LoginResponse, v1RefreshResponse } from './v1/auth.ts'
import type { v1KillSwitchResponse, v1ModeTransitionResponse } from './v1/controls.ts'
import type { v1Health, v1ServiceHealth } from './v1/health.ts'
import type { v1MetricsSummaryData, v1MetricsSummaryResponse } from './v1/metrics.ts'
import type { v1Order, v1OrderListResponse } from './v1/orders.ts'
import type {
  v1Position,
  v1EntryOrder,
  v1RiskMetrics,
  v1PositionDetail,
  v1PositionListResponse,
  v1PositionResponse,
} from './v1/positions.ts'
import type {
  v1Run,
  v1RunMetrics,
  v1Trade,
  v1RunDetail,
  v1RunListResponse,
  v1RunCreateResponse,
  v1RunResponse,
} from './v1/runs.ts'
import type {
  v1Strategy,
  v1StrategyPerformance,
  v1StrategyDetail,
  v1StrategyListResponse,
  v1StrategyResponse,
  v1StrategyUpdateResponse,
} from './v1/strategies.ts'
import type { rlModelHealth, rlModelHealthResponse } from './rl/monitor.ts'
import type { rlStrategyPerformance, rlPerformanceResponse } from './rl/performance.ts'
import type { rlPosition, rlPositionsResponse } from './rl/positions.ts'
import type { rlRiskLimits, rlRiskStatusResponse } from './rl/risk.ts'
import type { rlStrategySignal, rlLatestSignalsResponse } from './rl/signals.ts'
import type {
  deckApiKey,
  deckApiKeyListResponse,
  deckApiKeyCreateResponse,
  deckApiKeyRevokeResponse,
} from './deck/api-keys.ts'
import type { deckAuditEntry, deckAuditListResponse } from './deck/audit.ts'
import type {
  deckApproval,
  deckApprovalRequestResponse,
  deckApprovalApproveResponse,
  deckApprovalListResponse,
} from './deck/approvals.ts'
import type {
  deckTradingScope,
  deckKillSwitchStatusResponse,
  deckReleasePreviewResponse,
  deckFlattenedPosition,
  deckFlattenResponse,
  deckReleaseRequest,
} from './deck/controls.ts'
import type { deckBar, deckBarListResponse, deckBarsPostResponse } from './deck/bars.ts'
import type {
  deckInstrument,
  deckInstrumentListResponse,
  deckInstrumentResponse,
} from './deck/instruments.ts'
import type { deckRearmResponse } from './deck/limits.ts'
import type { deckMarket, deckMarketStatusResponse } from './deck/market-status.ts'
import type { deckQuarantinedBar, deckQuarantineListResponse } from './deck/quarantine.ts'
import type {
  deckEarlierFigures,
  deckEquityPart,
  deckMetricsWindowResponse,
  deckRunningFigures,
  deckWindowFigures,
} from './deck/metrics.ts'
import type {
  deckActionBin,
  deckBaselineResponse,
  deckInferencesPostResponse,
  deckModelResponse,
} from './deck/models.ts'
import type {
  deckOrderCheck,
  deckFill,
  deckOrderDetail,
  deckOrderResponse,
  deckOrderActionResponse,
  deckOrderPreviewResponse,
  deckOrderChecksResponse,
} from './deck/orders.ts'
import type { deckRiskEvent, deckRiskEventsResponse, deckRiskWhatIfResponse } from './deck/risk.ts'
import type { deckRunCancelResponse } from './deck/runs.ts'
import type {
  deckMeResponse,
  deckMessageResponse,
  deckSessionsEndedResponse,
  deckConfirmResponse,
  deckWsTicketResponse,
} from './deck/session.ts'
import type { deckSessionItem, deckSessionListResponse } from './deck/sessions.ts'
import type { deckShare, deckShareListResponse, deckShareResponse } from './deck/shares.ts'
import type {
  deckSignalResult,
  deckSignalsPostResponse,
  deckSignal,
  deckSignalListResponse,
} from './deck/signals.ts'
import type { deckStrategyCreateResponse } from './deck/strategies.ts'
import type { deckTrade, deckTradeListResponse } from './deck/trades.ts'
import type { deckUser, deckUserListResponse, deckUserResponse } from './deck/users.ts'

export type V1Alert = z.infer<typeof v1Alert>
export type V1AlertListResponse = z.infer<typeof v1AlertListResponse>
export type V1AlertAcknowledgeResponse = z.infer<typeof v1AlertAcknowledgeResponse>
export type V1LoginResponse = z.infer<typeof v1LoginResponse>
export type V1RefreshResponse = z.infer<typeof v1RefreshResponse>
export type V1KillSwitchResponse = z.infer<typeof v1KillSwitchResponse>
export type V1ModeTransitionResponse = z.infer<typeof v1ModeTransitionResponse>
export type V1Health = z.infer<typeof v1Health>
export type V1ServiceHealth = z.infer<typeof v1ServiceHealth>
export type V1MetricsSummaryData = z.infer<typeof v1MetricsSummaryData>
export type V1MetricsSummaryResponse = z.infer<typeof v1MetricsSummaryResponse>
export type V1Order = z.infer<typeof v1Order>
export type V1OrderListResponse = z.infer<typeof v1OrderListResponse>
export type V1Position = z.infer<typeof v1Position>
export type V1EntryOrder = z.infer<typeof v1EntryOrder>
export type V1RiskMetrics = z.infer<typeof v1RiskMetrics>
export type V1PositionDetail = z.infer<typeof v1PositionDetail>
export type V1PositionListResponse = z.infer<typeof v1PositionListResponse>
export type V1PositionResponse = z.infer<typeof v1PositionResponse>
export type V1Run = z.infer<typeof v1Run>
export type V1RunMetrics = z.infer<typeof v1RunMetrics>
export type V1Trade = z.infer<typeof v1Trade>
export type V1RunDetail = z.infer<typeof v1RunDetail>
export type V1RunListResponse = z.infer<typeof v1RunListResponse>
export type V1RunCreateResponse = z.infer<typeof v1RunCreateResponse>
export type V1RunResponse = z.infer<typeof v1RunResponse>
export type V1Strategy = z.infer<typeof v1Strategy>
export type V1StrategyPerformance = z.infer<typeof v1StrategyPerformance>
export type V1StrategyDetail = z.infer<typeof v1StrategyDetail>
export type V1StrategyListResponse = z.infer<typeof v1StrategyListResponse>
export type V1StrategyResponse = z.infer<typeof v1StrategyResponse>
export type V1StrategyUpdateResponse = z.infer<typeof v1StrategyUpdateResponse>
export type RlModelHealth = z.infer<typeof rlModelHealth>
export type RlModelHealthResponse = z.infer<typeof rlModelHealthResponse>
export type RlStrategyPerformance = z.infer<typeof rlStrategyPerformance>
export type RlPerformanceResponse = z.infer<typeof rlPerformanceResponse>
export type RlPosition = z.infer<typeof rlPosition>
export type RlPositionsResponse = z.infer<typeof rlPositionsResponse>
export type RlRiskLimits = z.infer<typeof rlRiskLimits>
export type RlRiskStatusResponse = z.infer<typeof rlRiskStatusResponse>
export type RlStrategySignal = z.infer<typeof rlStrategySignal>
export type RlLatestSignalsResponse = z.infer<typeof rlLatestSignalsResponse>
export type DeckApiKey = z.infer<typeof deckApiKey>
export type DeckApiKeyListResponse = z.infer<typeof deckApiKeyListResponse>
export type DeckApiKeyCreateResponse = z.infer<typeof deckApiKeyCreateResponse>
export type DeckApiKeyRevokeResponse = z.infer<typeof deckApiKeyRevokeResponse>
export type DeckAuditEntry = z.infer<typeof deckAuditEntry>
export type DeckAuditListResponse = z.infer<typeof deckAuditListResponse>
export type DeckApproval = z.infer<typeof deckApproval>
export type DeckApprovalRequestResponse = z.infer<typeof deckApprovalRequestResponse>
export type DeckApprovalApproveResponse = z.infer<typeof deckApprovalApproveResponse>
export type DeckApprovalListResponse = z.infer<typeof deckApprovalListResponse>
export type DeckTradingScope = z.infer<typeof deckTradingScope>
export type DeckKillSwitchStatusResponse = z.infer<typeof deckKillSwitchStatusResponse>
/** What the release of a scope would do. */
export type DeckReleasePreviewResponse = z.infer<typeof deckReleasePreviewResponse>
/** A position that a flatten closes, and how far it is. */
export type DeckFlattenedPosition = z.infer<typeof deckFlattenedPosition>
/** A flatten and its progress. */
export type DeckFlattenResponse = z.infer<typeof deckFlattenResponse>
export type DeckReleaseRequest = z.infer<typeof deckReleaseRequest>
export type DeckRearmResponse = z.infer<typeof deckRearmResponse>
export type DeckBarsPostResponse = z.infer<typeof deckBarsPostResponse>
export type DeckBar = z.infer<typeof deckBar>
export type DeckBarListResponse = z.infer<typeof deckBarListResponse>
export type DeckQuarantinedBar = z.infer<typeof deckQuarantinedBar>
export type DeckQuarantineListResponse = z.infer<typeof deckQuarantineListResponse>
export type DeckInstrument = z.infer<typeof deckInstrument>
export type DeckInstrumentListResponse = z.infer<typeof deckInstrumentListResponse>
export type DeckInstrumentResponse = z.infer<typeof deckInstrumentResponse>
export type DeckMarket = z.infer<typeof deckMarket>
export type DeckMarketStatusResponse = z.infer<typeof deckMarketStatusResponse>
export type DeckInferencesPostResponse = z.infer<typeof deckInferencesPostResponse>
export type DeckBaselineResponse = z.infer<typeof deckBaselineResponse>
export type DeckOrderCheck = z.infer<typeof deckOrderCheck>
export type DeckFill = z.infer<typeof deckFill>
export type DeckOrderDetail = z.infer<typeof deckOrderDetail>
export type DeckOrderResponse = z.infer<typeof deckOrderResponse>
export type DeckOrderActionResponse = z.infer<typeof deckOrderActionResponse>
export type DeckOrderPreviewResponse = z.infer<typeof deckOrderPreviewResponse>
export type DeckOrderChecksResponse = z.infer<typeof deckOrderChecksResponse>
export type DeckRunCancelResponse = z.infer<typeof deckRunCancelResponse>
export type DeckMeResponse = z.infer<typeof deckMeResponse>
export type DeckMessageResponse = z.infer<typeof deckMessageResponse>
export type DeckSignalResult = z.infer<typeof deckSignalResult>
export type DeckSignalsPostResponse = z.infer<typeof deckSignalsPostResponse>
export type DeckSignal = z.infer<typeof deckSignal>
export type DeckSignalListResponse = z.infer<typeof deckSignalListResponse>
export type DeckStrategyCreateResponse = z.infer<typeof deckStrategyCreateResponse>
export type DeckTrade = z.infer<typeof deckTrade>
export type DeckTradeListResponse = z.infer<typeof deckTradeListResponse>
export type DeckSessionsEndedResponse = z.infer<typeof deckSessionsEndedResponse>
export type DeckConfirmResponse = z.infer<typeof deckConfirmResponse>
export type DeckWsTicketResponse = z.infer<typeof deckWsTicketResponse>
export type DeckSessionItem = z.infer<typeof deckSessionItem>
export type DeckSessionListResponse = z.infer<typeof deckSessionListResponse>
export type DeckShare = z.infer<typeof deckShare>
export type DeckShareListResponse = z.infer<typeof deckShareListResponse>
export type DeckShareResponse = z.infer<typeof deckShareResponse>
export type DeckUser = z.infer<typeof deckUser>
export type DeckUserListResponse = z.infer<typeof deckUserListResponse>
export type DeckUserResponse = z.infer<typeof deckUserResponse>
export type DeckEarlierFigures = z.infer<typeof deckEarlierFigures>
export type DeckEquityPart = z.infer<typeof deckEquityPart>
export type DeckMetricsWindowResponse = z.infer<typeof deckMetricsWindowResponse>
export type DeckRunningFigures = z.infer<typeof deckRunningFigures>
export type DeckWindowFigures = z.infer<typeof deckWindowFigures>
export type DeckActionBin = z.infer<typeof deckActionBin>
export type DeckModelResponse = z.infer<typeof deckModelResponse>
export type DeckRiskEvent = z.infer<typeof deckRiskEvent>
export type DeckRiskEventsResponse = z.infer<typeof deckRiskEventsResponse>
export type DeckRiskWhatIfResponse = z.infer<typeof deckRiskWhatIfResponse>
