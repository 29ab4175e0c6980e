import type { KillSwitch } from '@quantdeck/db'
import { type Strategy, TRADING_STATES, type TradingState } from '@quantdeck/domain'

export type ControlScope = 'global' | `strategy:${string}`

/** Worst wins: releasing one scope never releases another. */
export function worstState(states: readonly TradingState[]): TradingState {
  return states.reduce<TradingState>(
    (worst, state) => (TRADING_STATES.indexOf(state) > TRADING_STATES.indexOf(worst) ? state : worst),
    'ACTIVE',
  )
}

export function levelOf(switches: readonly KillSwitch[], scope: string): TradingState {
  return switches.find((one) => one.scope === scope)?.level ?? 'ACTIVE'
}

/** What holds for a scope: of a strategy its own level or the global one, whichever is worse. */
export function effectiveState(switches: readonly KillSwitch[], scope: ControlScope): TradingState {
  return worstState([levelOf(switches, 'global'), levelOf(switches, scope)])
}

/** The strategies for which a change of the switches made a difference. */
export function affectedStrategies(
  strategies: readonly Strategy[],
  before: readonly KillSwitch[],
  after: readonly KillSwitch[],
): string[] {
  return strategies
    .map(({ strategyId }) => strategyId)
    .filter((id) => effectiveState(before, `strategy:${id}`) !== effectiveState(after, `strategy:${id}`))
}
