import { type deck, deckRiskLimits, type InputOf, type OutputOf } from '@quantdeck/contracts'
import { formatInstant } from '@quantdeck/domain'
import type { LimitOverrides, RiskLimits } from '@quantdeck/risk'
import { camelKeys, snakeKeys } from '../key-case.ts'
import type { LimitsView } from './operations.ts'

type Body = OutputOf<typeof deck.limits.get>
type Overrides = InputOf<typeof deck.limits.put>['limits']

/** What the wire shows of the engine's limits; the rest stands elsewhere: a strategy's universe, an instrument's maximum. */
const SHOWN = Object.keys(deckRiskLimits.shape)

export function presentLimits(limits: RiskLimits): Body['data']['limits'] {
  const all = snakeKeys(limits)
  return Object.fromEntries(SHOWN.map((name) => [name, all[name]])) as Body['data']['limits']
}

export function presentLimitsView(view: LimitsView): Body {
  return {
    data: {
      strategy_id: view.strategyId,
      limits: presentLimits(view.inForce),
      overrides: snakeKeys(view.overrides),
      inherited: presentLimits(view.inherited),
      updated_at: view.updatedAt === null ? null : formatInstant(view.updatedAt),
      updated_by: view.updatedBy,
    },
  }
}

export function toLimitOverrides(limits: Overrides): LimitOverrides {
  return camelKeys(limits)
}
