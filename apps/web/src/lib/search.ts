import * as z from 'zod/mini'

/** Filters live in the URL: unknown values are ignored, never an error. */
const text = z.catch(z.optional(z.string().check(z.minLength(1))), undefined)
const day = z.catch(z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))), undefined)
const page = z.catch(z.optional(z.int().check(z.minimum(1))), undefined)
const flag = z.catch(z.optional(z.boolean()), undefined)

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.catch(z.optional(z.enum(values)), undefined)
}

export const PERIODS = ['1d', '1w', '1m', '3m', '1y', 'all'] as const
export type Period = (typeof PERIODS)[number]

export const ORDER_STATUSES = ['PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED'] as const
export const RUN_TYPES = ['BACKTEST', 'PAPER', 'LIVE'] as const
export const RUN_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED'] as const
export const SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
export const OUTCOMES = ['ORDERS', 'NO_ACTION', 'REFUSED', 'RECORDED'] as const

export const deckSearch = z.object({ mode: oneOf(['PAPER', 'LIVE']) })
export const overviewSearch = z.object({ period: oneOf(PERIODS) })
export const signalsSearch = z.object({ strategy: text, outcome: oneOf(OUTCOMES), sort: text, page })
export const strategiesSearch = z.object({ status: oneOf(['active', 'inactive']), sort: text })
export const positionsSearch = z.object({
  strategy: text,
  symbol: text,
  sort: text,
  page,
  trades: page,
  from: day,
  to: day,
})
export const ordersSearch = z.object({
  strategy: text,
  status: oneOf(ORDER_STATUSES),
  from: day,
  to: day,
  sort: text,
  page,
})
export const runsSearch = z.object({
  strategy: text,
  type: oneOf(RUN_TYPES),
  status: oneOf(RUN_STATUSES),
  sort: text,
  page,
  new: flag,
})
export const alertsSearch = z.object({
  severity: oneOf(SEVERITIES),
  acknowledged: flag,
  from: day,
  to: day,
  sort: text,
  page,
})
export const loginSearch = z.object({ next: text, token: text })
export const auditSearch = z.object({
  actor: text,
  action: text,
  entity: text,
  entityId: text,
  from: day,
  to: day,
  page,
})
export const STRATEGY_TABS = ['overview', 'config', 'limits'] as const
export const strategySearch = z.object({ tab: oneOf(STRATEGY_TABS) })
export const RUN_TABS = ['summary', 'equity', 'periods', 'trades', 'outlook', 'log'] as const
export const runSearch = z.object({ tab: oneOf(RUN_TABS) })
export const dataSearch = z.object({ status: oneOf(['PENDING', 'ACCEPTED', 'DROPPED']), page })
export const compareSearch = z.object({ ids: text })
export const sweepsSearch = z.object({ page, new: flag })
