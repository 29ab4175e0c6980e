import type { Inputs, Outputs } from '../../lib/app-router.ts'

export type Limits = Outputs['deck']['limits']['get']['data']['limits']
export type Overrides = Inputs['deck']['limits']['put']['limits']

/** How a limit is shown and typed. Fractions are typed in percent. */
type Kind = 'fraction' | 'multiple' | 'count' | 'seconds' | 'minutes' | 'usd' | 'units' | 'ratio' | 'symbols'

/** A limit of one value: the rule it belongs to, its name, how it is written. */
export interface LimitField {
  rule: string
  name: Exclude<keyof Limits, 'stop_loss_guard'>
  kind: Kind
}

/** In the order of the risk engine. */
export const LIMIT_FIELDS: readonly LimitField[] = [
  { rule: 'A01', name: 'max_drawdown', kind: 'fraction' },
  { rule: 'A01', name: 'drawdown_warning', kind: 'fraction' },
  { rule: 'A02', name: 'max_daily_loss', kind: 'fraction' },
  { rule: 'A03', name: 'max_trades_per_day', kind: 'count' },
  { rule: 'A03', name: 'warning_share', kind: 'fraction' },
  { rule: 'A04', name: 'loss_streak', kind: 'count' },
  { rule: 'A04', name: 'cooldown_minutes', kind: 'minutes' },
  { rule: 'R03', name: 'deny_symbols', kind: 'symbols' },
  { rule: 'R05', name: 'max_order_quantity', kind: 'units' },
  { rule: 'R06', name: 'max_order_notional_of_account_equity', kind: 'multiple' },
  { rule: 'R06', name: 'max_order_notional_of_allocation', kind: 'multiple' },
  { rule: 'R07', name: 'price_collar', kind: 'fraction' },
  { rule: 'R07', name: 'price_collar_fx', kind: 'fraction' },
  { rule: 'R07', name: 'collar_breaches', kind: 'count' },
  { rule: 'R07', name: 'collar_window_seconds', kind: 'seconds' },
  { rule: 'R09', name: 'max_position_notional_usd', kind: 'usd' },
  { rule: 'R10', name: 'max_gross_exposure', kind: 'multiple' },
  { rule: 'R11', name: 'max_risk_per_trade', kind: 'fraction' },
  { rule: 'R11', name: 'assumed_risk_without_stop', kind: 'fraction' },
  { rule: 'R12', name: 'max_open_positions', kind: 'count' },
  { rule: 'R13', name: 'messages_per_second', kind: 'count' },
  { rule: 'R14', name: 'window_notional_of_allocation', kind: 'multiple' },
  { rule: 'R14', name: 'window_seconds', kind: 'seconds' },
  { rule: 'R15', name: 'duplicate_window_seconds', kind: 'seconds' },
  { rule: 'R16', name: 'execution_throttle', kind: 'count' },
  { rule: 'R17', name: 'max_active_orders', kind: 'count' },
  { rule: 'R18', name: 'max_tick_age_seconds', kind: 'seconds' },
  { rule: 'R18', name: 'max_bar_age_bars', kind: 'count' },
  { rule: 'R23', name: 'signal_ttl_bars', kind: 'count' },
  { rule: 'R24', name: 'signal_threshold', kind: 'ratio' },
]

export const UNITS: Record<Kind, string> = {
  fraction: '%',
  multiple: '×',
  count: '',
  seconds: 's',
  minutes: 'min',
  usd: 'USD',
  units: '',
  ratio: '',
  symbols: '',
}

const DECIMAL = /^\d+(\.\d+)?$/

/** "0.15" -> "15": moved on the text, so that no digit changes. */
export function toPercentText(fraction: string): string {
  const [whole = '0', places = ''] = fraction.split('.')
  const padded = places.padEnd(2, '0')
  const percent = `${whole}${padded.slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  const rest = padded.slice(2).replace(/0+$/, '')
  return rest === '' ? percent : `${percent}.${rest}`
}

/** "15" -> "0.15" */
export function toFractionText(percent: string): string {
  const [whole = '0', places = ''] = percent.split('.')
  const padded = whole.padStart(3, '0')
  const text = `${padded.slice(0, -2)}.${padded.slice(-2)}${places}`
  return text.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '')
}

/** A stored limit as a person reads and types it; nothing for a rule that is off. */
export function showLimit(kind: Kind, value: Limits[LimitField['name']] | undefined): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.join(', ')
  return kind === 'fraction' ? toPercentText(String(value)) : String(value)
}

/** What was typed, as the contract takes it; undefined when it is no such number. */
export function readLimit(kind: Kind, text: string): Overrides[LimitField['name']] | undefined {
  const typed = text.trim().replace(',', '.')
  if (kind === 'symbols') return text.split(/[\s,]+/).filter((symbol) => symbol !== '')
  if (!DECIMAL.test(typed)) return undefined
  if (kind === 'fraction') return toFractionText(typed)
  return kind === 'multiple' || kind === 'usd' || kind === 'units' ? typed : Number(typed)
}
