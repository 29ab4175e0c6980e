import { Decimal } from '@quantdeck/domain'
import * as z from 'zod'
import { parseInstant } from './wire.ts'

/**
 * Market data: https://docs.alpaca.markets/docs/real-time-stock-pricing-data and
 * https://docs.alpaca.markets/reference/stockbars. Prices are JSON numbers here.
 */

/** Above any price there is, and far below where a number loses cents. */
const HIGHEST = 1e9
const price = z
  .number()
  .positive()
  .max(HIGHEST)
  .transform((value) => new Decimal(value))
/** What cannot be a price is kept in a bar: the quarantine shows it. */
const number = z
  .number()
  .min(-HIGHEST)
  .max(HIGHEST)
  .transform((value) => new Decimal(value))
const volume = z
  .number()
  .max(1e15)
  .transform((value) => new Decimal(value))
const instant = z.string().transform((text, ctx) => {
  const at = parseInstant(text)
  if (at !== null) return at
  ctx.addIssue({ code: 'custom', message: 'is no instant' })
  return z.NEVER
})
const symbol = z.string().min(1).max(32)

export const control = z.object({
  T: z.enum(['success', 'error', 'subscription']),
  msg: z.string().optional(),
  code: z.number().optional(),
})
export type Control = z.output<typeof control>
export const streamTrade = z.object({ T: z.literal('t'), S: symbol, p: price, t: instant })
const barValues = { t: instant, o: number, h: number, l: number, c: number, v: volume }
export const streamBar = z.object({ T: z.literal('b'), S: symbol, ...barValues })
/** A frame is a list; its members are judged one by one. */
export const frame = z.array(z.object({ T: z.string() }).loose()).max(10_000)

const restBar = z.object(barValues)
export type AlpacaBar = z.output<typeof restBar>
export const restBars = z.object({
  bars: z
    .record(z.string(), z.array(restBar))
    .nullish()
    .transform((bars) => bars ?? {}),
  next_page_token: z
    .string()
    .nullish()
    .transform((token) => token ?? null),
})
