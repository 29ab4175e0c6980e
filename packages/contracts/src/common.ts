import * as z from 'zod'

/* ---- string unions, repeated from the domain: the wire never depends on it (a type test keeps both equal) ---- */

/** Where a strategy may trade. */
export const MODES = ['BACKTEST', 'PAPER', 'LIVE'] as const
/** The modes that have an account and send orders. */
export const TRADING_MODES = ['PAPER', 'LIVE'] as const
/** Only active strategies take entries. */
export const STRATEGY_STATUSES = ['active', 'inactive'] as const
/** Kinds of instruments. */
export const CONTRACT_TYPES = ['STOCK', 'INDEX', 'FX', 'CRYPTO'] as const
/** What a model says. */
export const SIGNAL_TYPES = ['LONG', 'SHORT', 'HOLD', 'CLOSE'] as const
/** The side a signal would trade. */
export const TRADE_SIDES = ['buy', 'sell', 'hold'] as const
/** Sides of an order. */
export const ORDER_SIDES = ['BUY', 'SELL'] as const
/** Kinds of orders. */
export const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOP'] as const
/** Life of an order; the last three are final. */
export const ORDER_STATUSES = ['PENDING', 'SUBMITTED', 'FILLED', 'CANCELLED', 'REJECTED'] as const
/** How long an order works: the session, until cancelled, at the next open. */
export const TIMES_IN_FORCE = ['DAY', 'GTC', 'OPG'] as const
/** Who can ask for an order. */
export const ORDER_ORIGINS = ['signal', 'api', 'stop_loss', 'take_profit', 'kill_flatten'] as const
/** Who refused an order. */
export const REJECTED_BY = ['risk', 'broker'] as const
/** Life of a run. */
export const RUN_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED'] as const
/** Severities of alerts, rising. */
export const ALERT_SEVERITIES = ['INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const
/** Kinds of alerts: one rule speaks for all alerts of a kind. */
export const ALERT_KINDS = [
  'kill_switch',
  'drawdown_warning',
  'daily_loss',
  'cooldown',
  'feed_stale',
  'reconciliation_mismatch',
  'model_health',
  'bad_bars',
  'login_anomaly',
  'refresh_reuse',
  'other',
] as const
/** States of an instrument's market. */
export const MARKET_STATUSES = ['open', 'closed', 'pre_market'] as const
/** Health of a model, worst last. */
export const MODEL_HEALTH_STATUSES = ['healthy', 'warning', 'critical'] as const
/** Health of a service, worst last. */
export const SERVICE_STATUSES = ['healthy', 'degraded', 'unhealthy'] as const
/** Roles of users. */
export const ROLES = ['viewer', 'trader', 'risk', 'admin'] as const
/** States of a trading scope, worst last. */
export const TRADING_STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const
/** Every signal ends in exactly one of these. */
export const SIGNAL_OUTCOMES = ['ORDERS', 'NO_ACTION', 'REFUSED', 'RECORDED'] as const
/** Windows of the v1 family; all of them end now. */
export const V1_PERIODS = ['1d', '1w', '1m', '3m', '1y', 'all'] as const
/** Windows of the rl family: whole UTC days. */
export const RL_PERIODS = ['1d', '7d', '30d', '90d', 'all'] as const
/** What an API key may be allowed to do. */
export const API_KEY_SCOPES = ['read', 'signals', 'orders', 'market_data', 'admin'] as const
/** What became of a quarantined bar. */
export const QUARANTINE_STATUSES = ['PENDING', 'ACCEPTED', 'DROPPED'] as const
/** Life of an approval. */
export const APPROVAL_STATUSES = ['REQUESTED', 'APPROVED', 'USED', 'EXPIRED', 'REVOKED'] as const
/** Services with a health of their own. */
export const SERVICE_NAMES = ['database', 'data_feed', 'broker_connection', 'redis', 'jobs'] as const

/** BACKTEST, PAPER or LIVE. */
export const mode = z.enum(MODES).meta({ id: 'Mode', description: 'Where a strategy trades' })
/** PAPER or LIVE. */
export const tradingMode = z
  .enum(TRADING_MODES)
  .meta({ id: 'TradingMode', description: 'A mode that has an account and sends orders' })
/** active or inactive. */
export const strategyStatus = z.enum(STRATEGY_STATUSES).meta({ id: 'StrategyStatus' })
/** STOCK, INDEX, FX or CRYPTO. */
export const contractType = z.enum(CONTRACT_TYPES).meta({ id: 'ContractType' })
/** LONG, SHORT, HOLD or CLOSE. */
export const signalType = z.enum(SIGNAL_TYPES).meta({ id: 'SignalType' })
/** buy, sell or hold. */
export const tradeSide = z.enum(TRADE_SIDES).meta({ id: 'TradeSide' })
/** BUY or SELL. */
export const orderSide = z.enum(ORDER_SIDES).meta({ id: 'OrderSide' })
/** MARKET, LIMIT or STOP. */
export const orderType = z.enum(ORDER_TYPES).meta({ id: 'OrderType' })
/** PENDING, SUBMITTED, FILLED, CANCELLED or REJECTED. */
export const orderStatus = z.enum(ORDER_STATUSES).meta({
  id: 'OrderStatus',
  description: 'A partial fill is SUBMITTED with 0 < filled_quantity < quantity',
})
/** DAY, GTC or OPG. */
export const timeInForce = z.enum(TIMES_IN_FORCE).meta({ id: 'TimeInForce' })
/** Who asked for an order. */
export const orderOrigin = z
  .enum(ORDER_ORIGINS)
  .meta({ id: 'OrderOrigin', description: 'Who asked for the order' })
/** Who refused an order. */
export const rejectedBy = z
  .enum(REJECTED_BY)
  .meta({ id: 'RejectedBy', description: 'risk: refused before it left; broker: refused by the venue' })
/** RUNNING, COMPLETED or FAILED. */
export const runStatus = z.enum(RUN_STATUSES).meta({ id: 'RunStatus' })
/** INFO, WARNING, ERROR or CRITICAL. */
export const alertSeverity = z.enum(ALERT_SEVERITIES).meta({ id: 'AlertSeverity' })
/** A kind of alert. */
export const alertKind = z.enum(ALERT_KINDS).meta({ id: 'AlertKind' })
/** open, closed or pre_market. */
export const marketStatus = z.enum(MARKET_STATUSES).meta({ id: 'MarketStatus' })
/** healthy, warning or critical. */
export const modelHealthStatus = z.enum(MODEL_HEALTH_STATUSES).meta({ id: 'ModelHealthStatus' })
/** healthy, degraded or unhealthy. */
export const serviceStatus = z.enum(SERVICE_STATUSES).meta({ id: 'ServiceStatus' })
/** viewer, trader, risk or admin. */
export const role = z.enum(ROLES).meta({ id: 'Role' })
/** ACTIVE, REDUCING or HALTED. */
export const tradingState = z
  .enum(TRADING_STATES)
  .meta({ id: 'TradingState', description: 'ACTIVE < REDUCING (exits only) < HALTED; the worst scope wins' })
/** ORDERS, NO_ACTION, REFUSED or RECORDED. */
export const signalOutcome = z.enum(SIGNAL_OUTCOMES).meta({
  id: 'SignalOutcome',
  description: 'ORDERS were made, NO_ACTION was needed, REFUSED by risk, or only RECORDED (mode BACKTEST)',
})
/** One scope of an API key. */
export const apiKeyScope = z.enum(API_KEY_SCOPES).meta({ id: 'ApiKeyScope' })

/* ---- decimal strings: never an exponent, never "-0.00", "NaN" or a sign other than a minus ---- */

/** Computed money, percent or ratio: exactly two places. */
export const TWO_PLACES = /^-?\d+\.\d{2}$/
/** Prices and quantities: as many places as the instrument says, at least two. */
export const AT_LEAST_TWO_PLACES = /^-?\d+\.\d{2,18}$/
/** Any plain decimal, as stored and echoed. */
export const PLAIN_DECIMAL = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,18})?$/
/** Above zero, at most 15 digits before the point. */
export const POSITIVE_DECIMAL = /^(?:[1-9]\d{0,14}(?:\.\d{1,8})?|0\.0{0,7}[1-9]\d{0,7})$/
/** Zero or above, at most 15 digits before and 8 after the point. */
export const NON_NEGATIVE_DECIMAL = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,8})?$/

/** USD, two places. */
export const money = z
  .string()
  .regex(TWO_PLACES)
  .meta({ id: 'Money', description: 'USD, two decimal places' })
/** Percent (`"3.69"` is 3.69 %), two places. */
export const percent = z
  .string()
  .regex(TWO_PLACES)
  .meta({ id: 'Percent', description: 'Percent, two decimal places: "3.69" is 3.69 %' })
/** A plain ratio or fraction, two places. */
export const ratio = z
  .string()
  .regex(TWO_PLACES)
  .meta({ id: 'Ratio', description: 'Ratio or fraction, two decimal places' })
/** Quote currency per unit. */
export const price = z
  .string()
  .regex(AT_LEAST_TWO_PLACES)
  .meta({ id: 'Price', description: 'Quote currency per unit, places as the instrument says, at least two' })
/** Units of the instrument, signed. */
export const quantity = z.string().regex(AT_LEAST_TWO_PLACES).meta({
  id: 'Quantity',
  description: 'Units, places as the instrument says, at least two; short: negative',
})
/** A configured number, echoed as it was stored (`"1.5"`). */
export const storedDecimal = z
  .string()
  .regex(PLAIN_DECIMAL)
  .meta({ id: 'StoredDecimal', description: 'A configured number, echoed as stored' })

/** Input: a plain decimal string above zero. Extra digits are an error, never rounded. */
export const positiveDecimalInput = z
  .string()
  .max(32)
  .regex(POSITIVE_DECIMAL, 'Must be a positive decimal string')
/** Input: a plain decimal string of zero or above. */
export const nonNegativeDecimalInput = z
  .string()
  .max(32)
  .regex(NON_NEGATIVE_DECIMAL, 'Must be a decimal string of zero or above')

/* ---- time ---- */

const DAY_TEXT =
  '(?:(?:19|20|21)(?:[02468][48]|[13579][26]|[2468]0)-02-29|2000-02-29|(?:19|20|21)\\d\\d-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8])))'
const TIME_TEXT = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?'
const OFFSET_TEXT = '(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)'

/** A calendar day, 1900-2199: `2026-01-07`. */
export const day = z
  .string()
  .regex(new RegExp(`^${DAY_TEXT}$`), 'Must be a day, YYYY-MM-DD')
  .meta({ format: 'date', example: '2026-01-07' })
/** An instant in UTC: `2026-01-07T16:30:00Z`. */
export const instant = z
  .string()
  .regex(new RegExp(`^${DAY_TEXT}T${TIME_TEXT}Z$`))
  .meta({ format: 'date-time', example: '2026-01-07T16:30:00Z' })
/** An instant with its exchange's own offset: `2026-01-08T08:00:00-05:00`. */
export const offsetInstant = z
  .string()
  .regex(new RegExp(`^${DAY_TEXT}T${TIME_TEXT}${OFFSET_TEXT}$`), 'Must be an ISO 8601 instant with an offset')
  .meta({ format: 'date-time', example: '2026-01-08T08:00:00-05:00' })
/** A day, or an instant with an offset. */
export const dayOrInstant = z
  .string()
  .regex(new RegExp(`^${DAY_TEXT}(?:T${TIME_TEXT}${OFFSET_TEXT})?$`), 'Must be a day or an ISO 8601 instant')

/* ---- ids and bounded text ---- */

// Databases take neither NUL nor lone surrogates, and control characters have no place in names and ids.
// oxlint-disable-next-line no-control-regex
const ONE_LINE = /^[^\u0000-\u001f\u007f\ud800-\udfff]*$/u
// oxlint-disable-next-line no-control-regex
const MANY_LINES = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]*$/u

/** Input: one line of text without control characters, of `minimum` to `maximum` UTF-16 units. */
export function lineInput(maximum: number, minimum = 1): z.ZodString {
  return z.string().min(minimum).max(maximum).regex(ONE_LINE, 'Must not contain control characters')
}
/** Input: text that may have several lines, at most `maximum` UTF-16 units. */
export function textInput(maximum: number): z.ZodString {
  return z.string().max(maximum).regex(MANY_LINES, 'Must not contain control characters')
}

/** An id in an answer. */
export const id = z.string().min(1).max(128)
/** An id in a path or filter; what is no id of ours is simply not found. */
export const idInput = lineInput(128)
/** `strategy_id`, `strategy_code` and `model_id` are the same thing. */
export const strategyIdInput = lineInput(64).meta({ example: 'momentum_v1' })
/** `AAPL`, `USD/COP`. */
export const symbolInput = lineInput(32).meta({ example: 'USD/COP' })
/** A reason a person gives, kept in the audit log. */
export const reasonInput = textInput(500).regex(/\S/, 'Must not be blank')
/** An e-mail address, at most 254 characters. */
export const emailInput = lineInput(254, 3)
  .regex(/^[^\s@]{1,64}@[^\s@]{1,189}$/, 'Must be an e-mail address')
  .meta({ format: 'email', example: 'user@example.com' })

/* ---- JSON that belongs to a strategy or an alert ---- */

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }
/** Any JSON value. */
export const jsonValue: z.ZodType<JsonValue> = z
  .lazy(() =>
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(jsonValue),
      z.record(z.string(), jsonValue),
    ]),
  )
  .meta({ id: 'JsonValue', description: 'Any JSON value' })
/** A JSON object, echoed as stored. */
export const jsonObject = z.record(z.string(), jsonValue)

const storableText = textInput(4096)
/** Input: a JSON value that every database can store. */
export const jsonValueInput: z.ZodType<JsonValue> = z
  .lazy(() =>
    z.union([
      storableText,
      z.number(),
      z.boolean(),
      z.null(),
      z.array(jsonValueInput).max(1000),
      z.record(lineInput(64), jsonValueInput),
    ]),
  )
  .meta({ id: 'JsonValueInput', description: 'Any JSON value; text of at most 4,096 characters' })
/** Input: a JSON object with keys of at most 64 characters. */
export const jsonObjectInput = z.record(lineInput(64), jsonValueInput)

/* ---- lists ---- */

/** `page` and `per_page` of every paged list. */
export const pagination = {
  page: z.int().min(1).max(1_000_000).default(1).describe('Page number, from 1'),
  per_page: z.int().min(1).max(100).default(20).describe('Items per page, at most 100'),
}
/** `from_date` and `to_date`: inclusive; a day covers all of it. */
export const dateRange = {
  from_date: dayOrInstant.optional().describe('Inclusive: a day or an instant'),
  to_date: dayOrInstant.optional().describe('Inclusive: a day or an instant'),
}
/** `meta` of a paged list. */
export const pageMetaShape = {
  total_count: z.int().min(0).describe('Items that match the filters'),
  page: z.int().min(1),
  per_page: z.int().min(1),
}
/** `meta` of a paged list without further fields. */
export const pageMeta = z.object(pageMetaShape).meta({ id: 'PageMeta' })

/** Names of metrics that are undefined here and shown as 0. */
export const undefinedMetrics = z
  .array(z.string())
  .describe('Names of metrics that are undefined for now; their fields show 0')

/** One refused check or the reason why a signal led to no order. */
export const violation = z
  .object({
    code: z.string().describe('Stable code, e.g. MAX_ORDER_NOTIONAL'),
    scope: z.string().describe('global, account, strategy:<id> or symbol:<symbol>'),
    limit: z.string().nullable(),
    observed: z.string().nullable(),
    unit: z.string().nullable(),
    message: z.string(),
    until: z.string().optional().describe('When the block ends, if it ends by itself'),
  })
  .meta({ id: 'Violation' })

/** A point of an equity curve. */
export const equityPoint = z
  .object({
    date: dayOrInstant.describe('A day; in the 1d curve an instant'),
    value: money,
  })
  .meta({ id: 'EquityPoint' })
