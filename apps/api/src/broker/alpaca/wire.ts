import { Decimal, isDecimalString } from '@quantdeck/domain'
import * as z from 'zod'

/**
 * What Alpaca answers, as far as it is read here: https://docs.alpaca.markets/reference/ and
 * https://docs.alpaca.markets/docs/websocket-streaming. Unknown fields are left alone, unknown words are kept as text
 * and judged where they matter; a number that is none refuses the whole answer.
 */

/** Longer than any quantity or price there is; keeps absurd strings out of the arithmetic. */
const MOST_DIGITS = 40

function isPlain(text: string): boolean {
  return text.length <= MOST_DIGITS && isDecimalString(text)
}

const decimal = z
  .string()
  .refine(isPlain, { message: 'is no plain decimal' })
  .transform((text) => new Decimal(text))
const notNegative = decimal.refine((value) => value.gte(0), { message: 'is negative' })
const positive = decimal.refine((value) => value.gt(0), { message: 'is not positive' })
const absent = z
  .union([z.null(), z.undefined()])
  .transform(() => null)
  .optional()
  .transform(() => null)
const maybe = <T extends z.ZodType>(schema: T) => z.union([schema, absent])

/** RFC 3339 with up to nanoseconds; those are cut to the milliseconds of a Date. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

/** @returns null for what is no instant */
export function parseInstant(text: string): Date | null {
  const match = INSTANT.exec(text)
  if (!match) return null
  const at = new Date(`${match[1]}.${(match[2] ?? '').padEnd(3, '0').slice(0, 3)}${match[3]}`)
  return Number.isNaN(at.getTime()) ? null : at
}

const instant = z.string().transform((text, ctx) => {
  const at = parseInstant(text)
  if (at !== null) return at
  ctx.addIssue({ code: 'custom', message: 'is no instant' })
  return z.NEVER
})

const id = z.string().min(1).max(128)
const side = z.enum(['buy', 'sell'])

const orderShape = {
  id,
  client_order_id: id,
  symbol: z.string().min(1).max(64),
  side,
  type: z.string(),
  time_in_force: z.string().optional(),
  order_class: z.string().nullish(),
  status: z.string(),
  /** Null for an order by amount of money, which this deck never sends. */
  qty: maybe(positive),
  filled_qty: notNegative,
  filled_avg_price: maybe(notNegative),
  submitted_at: maybe(instant),
  updated_at: maybe(instant),
  canceled_at: maybe(instant),
  expired_at: maybe(instant),
  failed_at: maybe(instant),
  replaced_by: maybe(id),
  replaces: maybe(id),
}

const leg = z.object(orderShape)
/** https://docs.alpaca.markets/reference/getorderbyorderid */
export const alpacaOrder = z.object({ ...orderShape, legs: maybe(z.array(leg)) })
export type AlpacaOrder = z.output<typeof alpacaOrder>
export type AlpacaLeg = z.output<typeof leg>

export const alpacaOrders = z.array(alpacaOrder)

/** https://docs.alpaca.markets/reference/getaccountactivitiesbyactivitytype-1, of the type FILL. */
export const alpacaFill = z.object({
  id,
  activity_type: z.literal('FILL'),
  order_id: id,
  symbol: z.string(),
  side: z.string(),
  qty: positive,
  price: positive,
  cum_qty: positive,
  transaction_time: instant,
})
export type AlpacaFill = z.output<typeof alpacaFill>
export const alpacaFills = z.array(alpacaFill)

/** https://docs.alpaca.markets/reference/getallopenpositions */
export const alpacaPositions = z.array(z.object({ symbol: z.string(), qty: decimal, side: z.string() }))

/** https://docs.alpaca.markets/reference/getaccount-1 */
export const alpacaAccount = z.object({
  status: z.string(),
  currency: z.string().optional(),
  cash: decimal,
  equity: decimal,
  trading_blocked: z.boolean().optional(),
  account_blocked: z.boolean().optional(),
  trade_suspended_by_user: z.boolean().optional(),
})
export type AlpacaAccount = z.output<typeof alpacaAccount>

/** A refusal: `{"code":40310000,"message":"insufficient buying power"}`. */
export const alpacaError = z.object({
  code: z.union([z.number(), z.string()]).optional(),
  message: z.string().min(1),
})

/** https://docs.alpaca.markets/docs/websocket-streaming */
export const streamFrame = z.object({ stream: z.string(), data: z.unknown() })
export const authorization = z.object({ status: z.string(), action: z.string().optional() })
export const listening = z.object({ streams: z.array(z.string()) })
export const tradeUpdate = z.object({
  event: z.string(),
  execution_id: z.string().optional(),
  timestamp: maybe(instant),
  price: maybe(positive),
  qty: maybe(positive),
  order: alpacaOrder,
})
export type TradeUpdate = z.output<typeof tradeUpdate>

/** The first thing that is wrong with an answer, without repeating the answer. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  if (!issue) return 'is not what was expected'
  const path = issue.path.map(String).join('.')
  return `${path === '' ? 'it' : path}: ${issue.message}`
}
