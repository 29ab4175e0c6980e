import type { KillSwitch, KillSwitchScope } from '@quantdeck/db'
import { type Strategy, TRADING_STATES, type TradingState } from '@quantdeck/domain'

/** Worst wins: releasing one scope never releases another. */
export function worstState(states: readonly TradingState[]): TradingState {
  return states.reduce<TradingState>(
    (worst, state) => (TRADING_STATES.indexOf(state) > TRADING_STATES.indexOf(worst) ? state : worst),
    'ACTIVE',
  )
}

export type ScopeLevel = Pick<KillSwitch, 'scope' | 'level'>

export function levelOf(switches: readonly ScopeLevel[], scope: string): TradingState {
  return worstState(switches.filter((one) => one.scope === scope).map(({ level }) => level))
}

/** What holds for a scope: its own level or the global one, whichever is worse. */
export function effectiveState(switches: readonly ScopeLevel[], scope: KillSwitchScope): TradingState {
  return worstState([levelOf(switches, 'global'), levelOf(switches, scope)])
}

/** The strategies for which a change of the switches made a difference: in what holds them, or a symbol that they trade. */
export function affectedStrategies(
  strategies: readonly Pick<Strategy, 'strategyId' | 'universe'>[],
  before: readonly ScopeLevel[],
  after: readonly ScopeLevel[],
): string[] {
  const statesOf = (switches: readonly ScopeLevel[], { strategyId, universe }: (typeof strategies)[number]) =>
    [`strategy:${strategyId}` as const, ...universe.map((symbol) => `symbol:${symbol}` as const)]
      .map((scope) => effectiveState(switches, scope))
      .join()
  return strategies
    .filter((strategy) => statesOf(before, strategy) !== statesOf(after, strategy))
    .map(({ strategyId }) => strategyId)
}

/** For people: `globally`, `for momentum_v1`, `for the symbol SPX`. */
export function inWords(scope: KillSwitchScope): string {
  if (scope === 'global') return 'globally'
  return scope.startsWith('symbol:')
    ? `for the symbol ${scope.slice('symbol:'.length)}`
    : `for ${scope.slice('strategy:'.length)}`
}

export function strategyOf(scope: KillSwitchScope): string | null {
  return scope.startsWith('strategy:') ? scope.slice('strategy:'.length) : null
}
