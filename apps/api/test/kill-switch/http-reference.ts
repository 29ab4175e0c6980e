import type { TradingState } from '@quantdeck/domain'
import * as fc from 'fast-check'
import type { Machine } from '../models/machine.ts'

/** `real_v1` trades real money, in another symbol than the two that trade paper. */
export const STRATEGIES = { ana_v1: 'ACME', other_v1: 'ACME', real_v1: 'BETA' } as const
export type StrategyId = keyof typeof STRATEGIES
export const SCOPES = ['global', 'strategy:ana_v1', 'strategy:real_v1', 'symbol:ACME', 'symbol:BETA'] as const
export type Scope = (typeof SCOPES)[number]
type Level = Exclude<TradingState, 'ACTIVE'>

export type KillAct =
  | { type: 'activate'; scope: Scope; level: Level; by: 'admin' | 'risk' }
  | { type: 'release'; scope: Scope; by: 'admin' | 'risk' }
  | { type: 'release without a reason'; scope: Scope }
  /** Of the request for this scope that was made last. */
  | { type: 'approve'; scope: Scope; by: 'admin' | 'second' }
  | { type: 'order'; strategy: StrategyId }
  | { type: 'restart' }

interface Stop {
  level: Level
  /** Which act began it, and which one changed it last: the world's clock ticks with every act. */
  since: number
  changed: number
}

interface Request {
  /** What was stopped when it was asked for. */
  changed: number
  isUsed: boolean
}

export interface KillState {
  readonly tick: number
  readonly stops: ReadonlyMap<Scope, Stop>
  readonly requests: ReadonlyMap<Scope, Request>
  /** Audit rows of the switch, and of approvals; each of the first has a CRITICAL alert. */
  readonly changes: number
  readonly approvals: number
  /** Orders that left. */
  readonly sent: number
}

const RANK = ['ACTIVE', 'REDUCING', 'HALTED'] as const

function worst(levels: readonly TradingState[]): TradingState {
  return RANK[Math.max(0, ...levels.map((level) => RANK.indexOf(level)))] ?? 'ACTIVE'
}

const levelOf = (stops: KillState['stops'], scope: string): TradingState =>
  stops.get(scope as Scope)?.level ?? 'ACTIVE'

/** What holds a scope itself. */
const effective = (stops: KillState['stops'], scope: Scope): TradingState =>
  worst([levelOf(stops, 'global'), levelOf(stops, scope)])

/** What an order of the strategy meets. */
export const holding = (stops: KillState['stops'], strategy: StrategyId): TradingState =>
  worst(
    ['global', `strategy:${strategy}`, `symbol:${STRATEGIES[strategy]}`].map((one) => levelOf(stops, one)),
  )

/** Whose own scope or symbol is in another state afterwards. */
function affected(before: KillState['stops'], after: KillState['stops']): StrategyId[] {
  const seen = (stops: KillState['stops'], strategy: StrategyId) =>
    [`strategy:${strategy}`, `symbol:${STRATEGIES[strategy]}`]
      .map((one) => effective(stops, one as Scope))
      .join()
  return (Object.keys(STRATEGIES) as StrategyId[]).filter((one) => seen(before, one) !== seen(after, one))
}

function without(stops: KillState['stops'], scope: Scope): Map<Scope, Stop> {
  return new Map([...stops].filter(([one]) => one !== scope))
}

const REFUSED = { status: 403 }

function activate(state: KillState, { scope, level }: { scope: Scope; level: Level }) {
  const own = state.stops.get(scope)
  const next = worst([own?.level ?? 'ACTIVE', level]) as Level
  const stop: Stop =
    own?.level === next ? own : { level: next, since: own?.since ?? state.tick, changed: state.tick }
  const stops = new Map(state.stops).set(scope, stop)
  const changes = state.changes + (stop === own ? 0 : 1)
  const data = { active: true, affected: affected(state.stops, stops), since: stop.since }
  return { state: { ...state, stops, changes }, answer: { status: 200, ...data } }
}

function release(state: KillState, scope: Scope) {
  const stop = state.stops.get(scope)
  const stops = without(state.stops, scope)
  const changed = affected(state.stops, stops)
  if (changed.includes('real_v1')) return ask(state, scope, stop?.changed ?? 0)
  const answer = { status: 200, active: effective(stops, scope) !== 'ACTIVE', affected: changed }
  return { state: { ...state, stops, changes: state.changes + (stop ? 1 : 0) }, answer }
}

function ask(state: KillState, scope: Scope, changed: number) {
  const answer = { status: 202, active: true, affected: [] }
  const known = state.requests.get(scope)
  if (known !== undefined && known.changed === changed && !known.isUsed) return { state, answer }
  const requests = new Map(state.requests).set(scope, { changed, isUsed: false })
  return { state: { ...state, requests, approvals: state.approvals + 1 }, answer }
}

function approve(state: KillState, { scope, by }: { scope: Scope; by: 'admin' | 'second' }) {
  const request = state.requests.get(scope)
  if (request === undefined) return { state, answer: { status: 404 } }
  if (by === 'admin') return { state, answer: REFUSED }
  const stop = state.stops.get(scope)
  if (request.isUsed || stop?.changed !== request.changed) return { state, answer: { status: 409 } }
  const requests = new Map(state.requests).set(scope, { ...request, isUsed: true })
  const done = { stops: without(state.stops, scope), requests }
  const counts = { changes: state.changes + 1, approvals: state.approvals + 1 }
  return { state: { ...state, ...done, ...counts }, answer: { status: 200 } }
}

function order(state: KillState, strategy: StrategyId) {
  const isHeld = holding(state.stops, strategy) !== 'ACTIVE'
  const sent = state.sent + (isHeld ? 0 : 1)
  return { state: { ...state, sent }, answer: { status: isHeld ? 422 : 201 } }
}

function decide(state: KillState, act: KillAct): { state: KillState; answer: unknown } {
  switch (act.type) {
    case 'activate':
      return activate(state, act)
    case 'release':
      return act.by === 'risk' ? { state, answer: REFUSED } : release(state, act.scope)
    case 'release without a reason':
      return { state, answer: { status: 400 } }
    case 'approve':
      return approve(state, act)
    case 'order':
      return order(state, act.strategy)
    case 'restart':
      return { state, answer: { status: 200 } }
  }
}

/** The kill switch in the words of its specification. */
export const killReference: Machine<KillState, KillAct> = {
  begin: () => ({
    ...{ tick: 0, stops: new Map(), requests: new Map() },
    ...{ changes: 0, approvals: 0, sent: 0 },
  }),
  step: (state, act) => decide({ ...state, tick: state.tick + 1 }, act),
  view: ({ stops, changes, approvals, sent }) => ({
    stopped: [...stops].map(([scope, { level, since }]) => ({ scope, level, since })).sort(byScope),
    held: Object.fromEntries(Object.keys(STRATEGIES).map((id) => [id, holding(stops, id as StrategyId)])),
    ...{ changes, alerts: changes, approvals, sent },
  }),
}

export const byScope = (a: { scope: string }, b: { scope: string }): number => (a.scope < b.scope ? -1 : 1)

const scope = fc.constantFrom(...SCOPES)
const level = fc.constantFrom<Level>('HALTED', 'REDUCING')
const person = fc.constantFrom('admin' as const, 'admin' as const, 'risk' as const)

export const killActs = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant('activate' as const), scope, level, by: person }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constant('release' as const), scope, by: person }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('release without a reason' as const), scope }) },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('approve' as const),
        scope,
        by: fc.constantFrom('second' as const, 'second' as const, 'admin' as const),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('order' as const),
        strategy: fc.constantFrom(...(Object.keys(STRATEGIES) as StrategyId[])),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
  ),
  { minLength: 1, maxLength: 12, size: 'max' },
)
