import { type CostModel, DEFAULT_COSTS, type Sizing } from '@quantdeck/backtest'
import { Decimal } from '@quantdeck/domain'
import { refuse } from './run-data.ts'

/** Costs and sizes as a request names them; what is absent has a default that is not zero. */
export interface TradingSettings {
  /** Basis points of notional. */
  fees?: Decimal | undefined
  /** Account currency per unit. */
  feePerUnit?: Decimal | undefined
  minimumFee?: Decimal | undefined
  /** Basis points of price. */
  slippage?: Decimal | undefined
  slippageModel?: CostModel['slippageModel'] | undefined
  spread?: Decimal | undefined
  fill?: 'next_open' | 'close' | undefined
  sizing?: 'allocation' | 'equity' | 'all_in' | 'units' | 'risk' | undefined
  /** With `sizing: 'units'`. */
  units?: Decimal | undefined
}

const MOST_BASIS_POINTS = 1_000
/** Above this a fee is surely meant in other units. */
const MOST_FEE = 10_000

function bounded(value: Decimal | undefined, field: string, most: number, unit: string): number | null {
  if (value === undefined) return null
  if (value.lte(most)) return value.toNumber()
  return refuse([{ field, message: `${field} must be at most ${most} ${unit}` }])
}

/** @throws AppError VALIDATION_ERROR with the field */
export function planCosts(settings: TradingSettings): CostModel {
  const basisPoints = (value: Decimal | undefined, field: string): number | null =>
    bounded(value, field, MOST_BASIS_POINTS, 'basis points')
  return {
    ...DEFAULT_COSTS,
    feeBps: basisPoints(settings.fees, 'fees') ?? DEFAULT_COSTS.feeBps,
    slippageBps: basisPoints(settings.slippage, 'slippage') ?? DEFAULT_COSTS.slippageBps,
    spreadBps: basisPoints(settings.spread, 'spread') ?? DEFAULT_COSTS.spreadBps,
    feePerUnit: bounded(settings.feePerUnit, 'fee_per_unit', MOST_FEE, 'USD') ?? DEFAULT_COSTS.feePerUnit,
    minimumFee: bounded(settings.minimumFee, 'minimum_fee', MOST_FEE, 'USD') ?? DEFAULT_COSTS.minimumFee,
    slippageModel: settings.slippageModel ?? DEFAULT_COSTS.slippageModel,
  }
}

/** `riskPerTradePct`: of the strategy's configuration and the request. @throws AppError VALIDATION_ERROR with the field */
export function planSizing(settings: TradingSettings, riskPerTradePct: string | null): Sizing {
  const risk = riskPerTradePct === null ? null : new Decimal(riskPerTradePct).div(100).toNumber()
  const kind = settings.sizing ?? 'allocation'
  if (settings.units !== undefined && kind !== 'units')
    refuse([{ field: 'units', message: 'units goes with sizing "units" only' }])
  switch (kind) {
    case 'allocation':
    case 'equity':
      return { kind: 'fraction', of: kind, riskPerTrade: risk }
    case 'all_in':
      return { kind }
    case 'units':
      if (settings.units === undefined)
        return refuse([{ field: 'units', message: 'sizing "units" needs units' }])
      return { kind, units: settings.units.toFixed() }
    case 'risk':
      if (risk === null) {
        const message = 'sizing "risk" needs risk_per_trade_pct, in the configuration or the parameters'
        return refuse([{ field: 'parameters.risk_per_trade_pct', message }])
      }
      return { kind, fraction: risk }
  }
}
