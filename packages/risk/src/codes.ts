import type { RuleId } from './verdict.ts'

/** Every code a verdict can carry, by rule. `docs` and clients list them from here; the order is that of the checks. */
export const RISK_CODES_BY_RULE = {
  R01: ['TRADING_HALTED', 'TRADING_STATE_REDUCING'],
  R02: ['NOT_PERMITTED'],
  R03: ['SYMBOL_RESTRICTED'],
  R04: [
    'INSTRUMENT_NOT_FOUND',
    'PRICE_PRECISION',
    'PRICE_NOT_POSITIVE',
    'QTY_PRECISION',
    'QTY_BELOW_MIN',
    'QTY_ABOVE_MAX',
  ],
  R05: ['MAX_ORDER_QTY'],
  R06: ['MAX_ORDER_NOTIONAL'],
  R07: ['PRICE_COLLAR'],
  R08: ['INSUFFICIENT_FREE_BALANCE'],
  R09: ['MAX_POSITION'],
  R10: ['MAX_GROSS_EXPOSURE'],
  R11: ['STRATEGY_ALLOCATION', 'MAX_RISK_PER_TRADE'],
  R12: ['MAX_OPEN_POSITIONS'],
  R13: ['MESSAGE_RATE'],
  R14: ['WINDOW_NOTIONAL'],
  R15: ['DUPLICATE_ORDER'],
  R16: ['EXECUTION_THROTTLE'],
  R17: ['MAX_ACTIVE_ORDERS'],
  R18: ['STALE_MARKET_DATA'],
  R19: ['MARKET_CLOSED'],
  R20: ['REDUCE_ONLY_WOULD_INCREASE'],
  R21: [
    'EXPIRE_TIME_IN_PAST',
    'MISSING_LIMIT_PRICE',
    'MISSING_STOP_PRICE',
    'UNSUPPORTED_LIMIT_PRICE',
    'UNSUPPORTED_STOP_PRICE',
    'UNSUPPORTED_TIME_IN_FORCE',
  ],
  R22: ['SELF_TRADE'],
  R23: ['SIGNAL_EXPIRED'],
  R24: ['CONFIDENCE_BELOW_THRESHOLD'],
  R25: ['MODEL_UNHEALTHY'],
  R26: ['DAILY_LOSS_LIMIT', 'MAX_TRADES_PER_DAY', 'COOLDOWN_ACTIVE', 'STOP_LOSS_GUARD'],
} as const satisfies Record<RuleId, readonly string[]>

export type RiskCode = (typeof RISK_CODES_BY_RULE)[keyof typeof RISK_CODES_BY_RULE][number]

/** All codes in the order of the rules. */
export const RISK_CODES: readonly RiskCode[] = Object.values(RISK_CODES_BY_RULE).flat()
