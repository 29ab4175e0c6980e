import * as z from 'zod'

/** Filters live in the URL: unknown values are ignored, never an error. */
const optionalText = z.string().min(1).optional().catch(undefined)
const optionalDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .optional()
  .catch(undefined)
const page = z.int().min(1).optional().catch(undefined)

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values).optional().catch(undefined)
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
export const signalsSearch = z.object({ strategy: optionalText, outcome: oneOf(OUTCOMES), page })
export const strategiesSearch = z.object({ status: oneOf(['active', 'inactive']), sort: optionalText })
export const positionsSearch = z.object({
  strategy: optionalText,
  symbol: optionalText,
  sort: optionalText,
  page,
  trades: page,
})
export const ordersSearch = z.object({
  strategy: optionalText,
  status: oneOf(ORDER_STATUSES),
  from: optionalDay,
  to: optionalDay,
  page,
})
export const runsSearch = z.object({
  strategy: optionalText,
  type: oneOf(RUN_TYPES),
  status: oneOf(RUN_STATUSES),
  page,
  new: z.boolean().optional().catch(undefined),
})
export const alertsSearch = z.object({
  severity: oneOf(SEVERITIES),
  acknowledged: z.boolean().optional().catch(undefined),
  from: optionalDay,
  to: optionalDay,
  page,
})
export const loginSearch = z.object({ next: optionalText, token: optionalText })
