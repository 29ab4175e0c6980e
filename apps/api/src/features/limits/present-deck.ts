import type { deck, InputOf, OutputOf } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import type { LimitOverrides, RiskLimits } from '@quantdeck/risk'
import { camelKeys, snakeKeys } from '../key-case.ts'
import type { LimitsView } from './operations.ts'

type Body = OutputOf<typeof deck.limits.get>
type Overrides = InputOf<typeof deck.limits.put>['limits']

/** Of the engine's limits, those that stand elsewhere: a strategy's universe, an instrument's own maximum. */
type Elsewhere =
  | 'allowSymbols'
  | 'maxOrderQuantityBySymbol'
  | 'reconciliationPasses'
  | 'reducingExemptFromMarketClosed'

function presentLimits(limits: RiskLimits): Body['data']['limits'] {
  const {
    allowSymbols,
    maxOrderQuantityBySymbol,
    reconciliationPasses,
    reducingExemptFromMarketClosed,
    ...shown
  } = limits
  return snakeKeys(shown satisfies Omit<RiskLimits, Elsewhere>) as Body['data']['limits']
}

export function presentLimitsView(view: LimitsView): Body {
  return {
    data: {
      strategy_id: view.strategyId,
      limits: presentLimits(view.inForce),
      overrides: snakeKeys(view.overrides) as Body['data']['overrides'],
      inherited: presentLimits(view.inherited),
      updated_at: view.updatedAt === null ? null : formatInstant(view.updatedAt),
      updated_by: view.updatedBy,
    },
  }
}

export function toLimitOverrides(limits: Overrides): LimitOverrides {
  return camelKeys(limits) as LimitOverrides
}
