import { day, filters, flag, oneOf, page, text } from './search-fields.ts'

// Filters live in the URL: unknown values are ignored, never an error.

export const PERIODS = ['1d', '1w', '1m', '3m', '1y', 'all'] as const
export type Period = (typeof PERIODS)[number]

export const ORDER_STATUSES = ['PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED'] as const
export const RUN_TYPES = ['BACKTEST', 'PAPER', 'LIVE'] as const
export const RUN_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED'] as const
export const SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
export const SIGNALS = ['LONG', 'SHORT', 'HOLD', 'CLOSE'] as const
export const OUTCOMES = ['ORDERS', 'NO_ACTION', 'REFUSED', 'RECORDED'] as const

export const deckSearch = filters({ mode: oneOf(['PAPER', 'LIVE']) })
export const overviewSearch = filters({ period: oneOf(PERIODS), from: day, to: day })
export const signalsSearch = filters({
  strategy: text,
  signal: oneOf(SIGNALS),
  outcome: oneOf(OUTCOMES),
  sort: text,
  page,
})
export const strategiesSearch = filters({ status: oneOf(['active', 'inactive']), sort: text })
export const positionsSearch = filters({
  strategy: text,
  symbol: text,
  sort: text,
  page,
  trades: page,
  from: day,
  to: day,
})
export const ordersSearch = filters({
  strategy: text,
  status: oneOf(ORDER_STATUSES),
  from: day,
  to: day,
  sort: text,
  page,
})
export const runsSearch = filters({
  strategy: text,
  type: oneOf(RUN_TYPES),
  status: oneOf(RUN_STATUSES),
  sort: text,
  page,
  new: flag,
})
export const alertsSearch = filters({
  severity: oneOf(SEVERITIES),
  acknowledged: flag,
  from: day,
  to: day,
  sort: text,
  page,
})
export const loginSearch = filters({ next: text, token: text })
export const auditSearch = filters({
  actor: text,
  action: text,
  entity: text,
  entityId: text,
  from: day,
  to: day,
  page,
})
export const STRATEGY_TABS = ['overview', 'config', 'limits', 'orders', 'trades', 'audit'] as const
export const strategySearch = filters({
  tab: oneOf(STRATEGY_TABS),
  period: oneOf(PERIODS),
  sort: text,
  page,
  from: day,
  to: day,
})
export const RUN_TABS = ['summary', 'equity', 'periods', 'trades', 'outlook', 'log'] as const
export const runSearch = filters({ tab: oneOf(RUN_TABS) })
export const dataSearch = filters({ status: oneOf(['PENDING', 'ACCEPTED', 'DROPPED']), page })
export const compareSearch = filters({ ids: text })
export const studiesSearch = filters({ page, new: flag })
