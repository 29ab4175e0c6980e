// The rl document's section 8, verbatim: its names and shapes are what clients in the field import.
// =============================================================================
// SHARED API CONTRACTS - DO NOT MODIFY WITHOUT BACKEND COORDINATION
// Version: 1.0.0
// =============================================================================

// -------------------- Enums --------------------
export type MarketStatus = 'open' | 'closed' | 'pre_market'
export type SignalType = 'LONG' | 'SHORT' | 'HOLD' | 'CLOSE'
export type TradeSide = 'buy' | 'sell' | 'hold'
export type HealthStatus = 'healthy' | 'warning' | 'critical'

// -------------------- Signals --------------------
export interface StrategySignal {
  strategy_code: string
  strategy_name: string
  signal: SignalType
  side: TradeSide
  confidence: number
  size: number
  entry_price?: number
  stop_loss?: number
  take_profit?: number
  risk_usd: number
  reasoning: string
  timestamp: string
  age_seconds: number
}

export interface LatestSignalsResponse {
  timestamp: string
  market_price: number
  market_status: MarketStatus
  signals: StrategySignal[]
}

// -------------------- Performance --------------------
export interface StrategyPerformance {
  strategy_code: string
  strategy_name: string
  sharpe_ratio: number
  sortino_ratio: number
  calmar_ratio: number
  total_return_pct: number
  max_drawdown_pct: number
  current_drawdown_pct: number
  win_rate: number
  profit_factor: number
  total_trades: number
  winning_trades: number
  losing_trades: number
  avg_win_pct: number
  avg_loss_pct: number
  current_equity: number
  initial_equity: number
}

export interface PerformanceResponse {
  period: string
  start_date: string
  end_date: string
  strategies: StrategyPerformance[]
}

// -------------------- Positions --------------------
export interface Position {
  position_id: number
  strategy_code: string
  strategy_name: string
  side: 'buy' | 'sell'
  quantity: number
  entry_price: number
  current_price: number
  unrealized_pnl: number
  unrealized_pnl_pct: number
  entry_time: string
  holding_time_minutes: number
}

export interface PositionsResponse {
  timestamp: string
  total_positions: number
  total_unrealized_pnl: number
  positions: Position[]
}

// -------------------- Risk Status --------------------
export interface RiskLimits {
  max_drawdown_pct: number
  max_daily_loss_pct: number
  max_trades_per_day: number
}

export interface RiskStatusResponse {
  kill_switch_active: boolean
  current_drawdown_pct: number
  daily_pnl_pct: number
  trades_today: number
  consecutive_losses: number
  cooldown_active: boolean
  cooldown_until?: string
  limits: RiskLimits
}

// -------------------- Model Health --------------------
export interface ModelHealth {
  model_id: string
  action_drift_kl: number
  stuck_behavior: boolean
  rolling_sharpe: number
  status: HealthStatus
  last_inference: string
}

export interface ModelHealthResponse {
  models: ModelHealth[]
  overall_status: HealthStatus
}

// -------------------- WebSocket --------------------
export type WSMessageType = 'signal' | 'heartbeat' | 'market_status'

export interface WSSignalData {
  strategy_code: string
  signal: SignalType
  confidence: number
  price: number
  reasoning: string
}

export interface WSHeartbeatData {
  server_time: string
  connected_clients: number
}

export interface WSMarketStatusData {
  status: MarketStatus
  next_open?: string
  next_close?: string
}

export interface WSMessage<T = unknown> {
  type: WSMessageType
  timestamp: string
  data: T
}

// -------------------- Errors --------------------
export interface APIError {
  error: string
  message: string
  details?: Record<string, unknown>
  timestamp: string
}
