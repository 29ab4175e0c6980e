import type { RiskLimits } from '../limits.ts'
import type { RiskState } from '../state.ts'

const SECOND_MS = 1_000

/** R07: more breaches than the limit within the window put the scope into REDUCING. */
export function breachCollar(state: RiskState, at: number, limits: RiskLimits): RiskState {
  const oldest = at - limits.collarWindowSeconds * SECOND_MS
  const collarBreaches = [...state.collarBreaches.filter((breach) => breach > oldest), at]
  const trips = collarBreaches.length > limits.collarBreaches
  return { ...state, collarBreaches, collarTrippedAt: state.collarTrippedAt ?? (trips ? at : null) }
}

/** R16: counted while a throttle is set; the last allowed execution puts the scope into REDUCING, over day rolls too. */
export function countExecution(state: RiskState, at: number, throttle: number | null): RiskState {
  if (throttle === null) return state
  const executions = state.executions + 1
  return {
    ...state,
    executions,
    throttleTrippedAt: state.throttleTrippedAt ?? (executions >= throttle ? at : null),
  }
}

/** A person armed the throttle again: R16 counts from 0. */
export function rearm(state: RiskState): RiskState {
  if (state.executions === 0 && state.throttleTrippedAt === null) return state
  return { ...state, executions: 0, throttleTrippedAt: null }
}

/** A06: a difference from the broker puts the scope into REDUCING; so many passes in a row without one end it. */
export function compareWithBroker(
  state: RiskState,
  { at, matches }: { at: number; matches: boolean },
  passesNeeded: number,
): RiskState {
  if (!matches) {
    if (state.reconciliationTrippedAt !== null && state.cleanPasses === 0) return state
    return { ...state, reconciliationTrippedAt: state.reconciliationTrippedAt ?? at, cleanPasses: 0 }
  }
  if (state.reconciliationTrippedAt === null) return state
  const cleanPasses = state.cleanPasses + 1
  return cleanPasses < passesNeeded
    ? { ...state, cleanPasses }
    : { ...state, reconciliationTrippedAt: null, cleanPasses: 0 }
}

/**
 * A person released the scope: A01 (the peak is re-based, or the drawdown would fire again at once), R07 and R16. Books
 * that differ from the broker's are not made equal by a person's word: A06 ends by itself.
 */
export function release(state: RiskState, equity: string): RiskState {
  return {
    ...state,
    peakEquity: equity,
    drawdownWarned: false,
    drawdownTrippedAt: null,
    collarBreaches: [],
    collarTrippedAt: null,
    executions: 0,
    throttleTrippedAt: null,
  }
}
