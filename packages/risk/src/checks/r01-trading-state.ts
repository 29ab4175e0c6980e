import type { TradingState } from '@quantdeck/domain'
import { type Check, type CheckContext, report } from '../check.ts'
import { latchedTradingState } from '../state.ts'
import type { CheckResult } from '../verdict.ts'

const SEVERITY: Record<TradingState, number> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 }

const worse = (a: TradingState, b: TradingState): TradingState => (SEVERITY[a] >= SEVERITY[b] ? a : b)

/**
 * R01: the worst trading state of every scope that covers the order, one finding per scope that is not ACTIVE, worst
 * first. REDUCING lets reducing orders pass, HALTED only the reducing orders of an accepted flatten.
 */
export const r01TradingState: Check = {
  id: 'R01',
  exemptsReducing: false,
  run(context) {
    if (isAllActive(context)) {
      report(context, judge(context, context.strategyScope, 'ACTIVE'))
      return
    }
    const held = scopedStates(context).filter(({ state }) => state !== 'ACTIVE')
    held.sort((a, b) => SEVERITY[b.state] - SEVERITY[a.state])
    for (const { scope, state } of held) report(context, judge(context, scope, state))
  },
}

function isAllActive({ request, states }: CheckContext): boolean {
  const { global, strategy, symbol } = request.tradingStates
  return (
    global === 'ACTIVE' &&
    strategy === 'ACTIVE' &&
    symbol === 'ACTIVE' &&
    latchedTradingState(states.account) === 'ACTIVE' &&
    latchedTradingState(states.strategy) === 'ACTIVE'
  )
}

function scopedStates({ request, states, strategyScope, accountScope, symbolScope }: CheckContext) {
  const { global, strategy, symbol } = request.tradingStates
  return [
    { scope: 'global', state: global },
    { scope: accountScope, state: latchedTradingState(states.account) },
    { scope: strategyScope, state: worse(strategy, latchedTradingState(states.strategy)) },
    { scope: symbolScope, state: symbol },
  ]
}

function judge({ request, reducing }: CheckContext, scope: string, state: TradingState): CheckResult {
  const flattens = reducing && request.order.origin === 'kill_flatten'
  const passed = state === 'ACTIVE' || flattens || (state === 'REDUCING' && reducing)
  return {
    id: 'R01',
    code: state === 'HALTED' ? 'TRADING_HALTED' : 'TRADING_STATE_REDUCING',
    passed,
    scope,
    limit: 'ACTIVE',
    observed: state,
    unit: 'state',
    message: `trading state of ${scope} is ${state}`,
  }
}
