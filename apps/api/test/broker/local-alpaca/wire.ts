/** An order as the REST API shows it: https://docs.alpaca.markets/reference/getorderbyorderid, all numbers as text. */
export interface WireOrder {
  id: string
  client_order_id: string
  created_at: string
  updated_at: string
  submitted_at: string
  filled_at: string | null
  expired_at: string | null
  canceled_at: string | null
  failed_at: string | null
  replaced_at: string | null
  replaced_by: string | null
  replaces: string | null
  asset_id: string
  symbol: string
  asset_class: string
  notional: string | null
  qty: string | null
  filled_qty: string
  filled_avg_price: string | null
  order_class: string
  order_type: string
  type: string
  side: string
  time_in_force: string
  limit_price: string | null
  stop_price: string | null
  status: string
  extended_hours: boolean
  legs: WireOrder[] | null
  trail_percent: string | null
  trail_price: string | null
  hwm: string | null
}

/** https://docs.alpaca.markets/reference/getaccountactivitiesbyactivitytype-1 */
export interface WireFill {
  id: string
  activity_type: 'FILL'
  transaction_time: string
  type: 'fill' | 'partial_fill'
  price: string
  qty: string
  side: string
  symbol: string
  leaves_qty: string
  order_id: string
  cum_qty: string
  order_status: string
}

export interface WireUpdate {
  event: string
  execution_id?: string
  order: WireOrder
  timestamp?: string
  price?: string
  qty?: string
  position_qty?: string
}

/** A refusal: status and body. */
export class Refused extends Error {
  readonly status: number
  readonly body: Record<string, unknown>

  constructor(status: number, code: number, message: string, more: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.body = { code, message, ...more }
  }
}

const OPEN = new Set(['new', 'accepted', 'pending_new', 'partially_filled', 'pending_cancel', 'held'])

/** Something may still become of it. */
export const isOpen = ({ status }: WireOrder): boolean => OPEN.has(status)

/** A stable UUID for a symbol. */
export function assetId(symbol: string): string {
  const hex = Buffer.from(symbol.padEnd(16, '_')).toString('hex').slice(0, 32)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
