import {
  AppError,
  type ErrorDetail,
  isDecimalString,
  type JsonValue,
  type StrategyConfig,
} from '@quantdeck/domain'

/** R11's limit for one trade, which holds where the configuration names none. */
const DEFAULT_RISK_PER_TRADE_PCT = '2.0'

/** Percent of the allocation that one trade may lose, echoed as stored. */
export function riskPerTradePct(config: StrategyConfig): string {
  const stored = config['risk_per_trade_pct']
  return typeof stored === 'string' || typeof stored === 'number'
    ? String(stored)
    : DEFAULT_RISK_PER_TRADE_PCT
}

/** Keys with a meaning inside; any other key belongs to the strategy's author. */
const RULES: Record<string, { holds: (value: JsonValue) => boolean; message: string }> = {
  risk_per_trade_pct: { holds: isPercent, message: 'Must be a decimal above 0, at most 100' },
  stop_loss_pct: { holds: isPercent, message: 'Must be a decimal above 0, at most 100' },
  take_profit_pct: { holds: isPercent, message: 'Must be a decimal above 0, at most 100' },
  signal_threshold: { holds: isFraction, message: 'Must be a number from 0 to 1' },
  size: { holds: isFraction, message: 'Must be a number from 0 to 1' },
  // How often its model acts: silence for three times as long, in session time, is told (A07).
  inference_interval_seconds: {
    holds: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 7 * 86_400,
    message: 'Must be whole seconds from 1 to 604800',
  },
  model_type: { holds: (value) => typeof value === 'string' && value !== '', message: 'Must be a name' },
}

const MAX_CONFIG_BYTES = 32_768

/** @throws AppError VALIDATION_ERROR that names each bad key */
export function assertConfig(config: StrategyConfig): void {
  const details: ErrorDetail[] = Object.entries(RULES).flatMap(([key, { holds, message }]) => {
    const value = config[key]
    return value === undefined || holds(value) ? [] : [{ field: `config.${key}`, message }]
  })
  if (Buffer.byteLength(JSON.stringify(config)) > MAX_CONFIG_BYTES) {
    details.push({ field: 'config', message: `Must be at most ${MAX_CONFIG_BYTES} bytes` })
  }
  if (details.length > 0) throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}

function isPercent(value: JsonValue): boolean {
  if (typeof value !== 'string' && typeof value !== 'number') return false
  return isDecimalString(String(value)) && Number(value) > 0 && Number(value) <= 100
}

function isFraction(value: JsonValue): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1
}
