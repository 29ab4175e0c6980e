import type { InputOf, v1 } from '@quantdeck/contracts'
import { type Decimal, parseDecimal } from '@quantdeck/domain'
import type { BacktestSettings } from './plan-request.ts'

type WireSettings = Omit<InputOf<typeof v1.runs.create>, 'strategy_id'>

const decimal = (text: string | undefined): Decimal | undefined =>
  text === undefined ? undefined : parseDecimal(text)

/** The fields that every request has which runs a strategy over stored bars. */
export function toBacktestSettings(input: WireSettings): BacktestSettings {
  return {
    startDate: input.start_date,
    endDate: input.end_date,
    initialCapital: parseDecimal(input.initial_capital),
    symbols: input.symbols,
    parameters: input.parameters,
    fees: decimal(input.fees),
    feePerUnit: decimal(input.fee_per_unit),
    minimumFee: decimal(input.minimum_fee),
    slippage: decimal(input.slippage),
    slippageModel: input.slippage_model,
    spread: decimal(input.spread),
    fill: input.fill,
    sizing: input.sizing,
    units: decimal(input.units),
    seed: input.seed,
    riskEngine: input.risk_engine,
  }
}
