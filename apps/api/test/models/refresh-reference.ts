import * as fc from 'fast-check'
import type { Machine } from './machine.ts'

const SECOND = 1_000
const DAY = 86_400_000

/** A family is what one login led to; its tokens are counted from 0, each exchanged for the next one. */
export type RefreshAct =
  | { type: 'login' }
  | { type: 'refresh'; family: number; token: number }
  | { type: 'logout'; family: number }
  /** As a logout, by somebody who needs no access token for it. */
  | { type: 'end'; family: number }
  | { type: 'call'; family: number }
  | { type: 'wait'; ms: number }

interface Token {
  status: 'ACTIVE' | 'ROTATED' | 'REVOKED'
  rotatedAt: number
  endsAt: number
}

interface Family {
  isEnded: boolean
  endsAt: number
  /** Of the newest access token. */
  accessSince: number
  tokens: readonly Token[]
}

export interface RefreshState {
  now: number
  families: readonly Family[]
  /** CRITICAL alerts about tokens that came back. */
  alerts: number
}

export const MOST_FAMILIES = 3

/** ACTIVE -> ROTATED -> used again: all of its family REVOKED. Two tabs may come with the parent for ten seconds. */
export const refreshReference: Machine<RefreshState, RefreshAct> = {
  begin: () => ({ now: 0, families: [], alerts: 0 }),
  step: (state, act) => stepOf(state, act),
  view: ({ families, alerts }) => ({
    families: families.map(({ tokens }) => tokens.map(({ status }) => status)),
    alerts,
  }),
}

function stepOf(state: RefreshState, act: RefreshAct): { state: RefreshState; answer: unknown } {
  const family = 'family' in act ? state.families[act.family] : undefined
  switch (act.type) {
    case 'wait':
      return { state: { ...state, now: state.now + act.ms }, answer: null }
    case 'login':
      return login(state)
    case 'refresh':
      return family === undefined ? { state, answer: null } : refresh(state, family, act.token)
    case 'logout':
      if (family === undefined) return { state, answer: null }
      if (!mayCall(state, family)) return { state, answer: 401 }
      return { state: change(state, family, ended(family)), answer: 200 }
    case 'end':
      return { state: family === undefined ? state : change(state, family, ended(family)), answer: null }
    case 'call':
      return { state, answer: family === undefined ? null : mayCall(state, family) ? 200 : 401 }
  }
}

function login(state: RefreshState): { state: RefreshState; answer: unknown } {
  if (state.families.length === MOST_FAMILIES) return { state, answer: null }
  const { now } = state
  const tokens = [{ status: 'ACTIVE' as const, rotatedAt: 0, endsAt: now + 7 * DAY }]
  const family = { isEnded: false, endsAt: now + 30 * DAY, accessSince: now, tokens }
  return { state: { ...state, families: [...state.families, family] }, answer: 'token 0' }
}

const isOpen = ({ now }: RefreshState, { isEnded, endsAt }: Family): boolean => !isEnded && now < endsAt

/** Access tokens last an hour, in whole seconds. */
function mayCall(state: RefreshState, family: Family): boolean {
  const seconds = (ms: number) => Math.floor(ms / SECOND)
  return isOpen(state, family) && seconds(state.now) < seconds(family.accessSince) + 3_600
}

function change(state: RefreshState, family: Family, to: Family): RefreshState {
  return { ...state, families: state.families.map((one) => (one === family ? to : one)) }
}

function ended(family: Family): Family {
  const tokens = family.tokens.map((token) => ({ ...token, status: 'REVOKED' as const }))
  return { ...family, isEnded: true, tokens }
}

function refresh(
  state: RefreshState,
  family: Family,
  index: number,
): { state: RefreshState; answer: unknown } {
  const { now } = state
  const { tokens } = family
  const token = tokens[index]
  if (token === undefined || !isOpen(state, family)) return { state, answer: 401 }
  const last = tokens.length - 1
  if (index === last) {
    if (token.endsAt <= now) return { state, answer: 401 }
    const next: Token = { status: 'ACTIVE', rotatedAt: 0, endsAt: Math.min(now + 7 * DAY, family.endsAt) }
    const used = tokens.map((one) =>
      one === token ? { ...one, status: 'ROTATED' as const, rotatedAt: now } : one,
    )
    const after = change(state, family, { ...family, accessSince: now, tokens: [...used, next] })
    return { state: after, answer: `token ${last + 1}` }
  }
  if (index === last - 1 && now - token.rotatedAt <= 10 * SECOND) {
    return { state: change(state, family, { ...family, accessSince: now }), answer: `token ${last}` }
  }
  return { state: { ...change(state, family, ended(family)), alerts: state.alerts + 1 }, answer: 401 }
}

const family = fc.nat(MOST_FAMILIES - 1)
const loggingIn = fc.constant({ type: 'login' as const })
/** Mostly the newest, often the one before it: generated as a distance from the end, see `nearest`. */
const back = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.nat(4) },
)

/** What somebody means to do: tokens by their distance from the newest one. */
export type RefreshIntent =
  | Exclude<RefreshAct, { type: 'refresh' }>
  | { type: 'refresh'; family: number; back: number }

const refreshing = fc.record({ type: fc.constant('refresh' as const), family, back })
const logout = fc.record({ type: fc.constant('logout' as const), family })
const calling = fc.record({ type: fc.constant('call' as const), family })
const wait = fc.record({
  type: fc.constant('wait' as const),
  ms: fc.constantFrom(
    1,
    SECOND,
    10 * SECOND - 1,
    10 * SECOND,
    10 * SECOND + 1,
    1_200_000,
    DAY,
    7 * DAY - 1,
    7 * DAY,
  ),
})

export const refreshIntents = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: loggingIn },
      { weight: 10, arbitrary: refreshing },
      { weight: 1, arbitrary: logout },
      { weight: 2, arbitrary: calling },
      { weight: 4, arbitrary: wait },
    ),
    { minLength: 5, maxLength: 25, size: 'max' },
  )
  .map((intents): RefreshIntent[] => [{ type: 'login' }, ...intents])

/** A family that was refreshed some times; then several tabs and a thief at once. */
export const refreshRaces = fc.record({
  refreshed: fc.nat(3),
  late: fc.boolean(),
  race: fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ type: fc.constant('refresh' as const), family: fc.constant(0), back }),
      },
      { weight: 1, arbitrary: fc.constant({ type: 'end' as const, family: 0 }) },
    ),
    { minLength: 2, maxLength: 5 },
  ),
})

/** The act that an intent is, where the newest token of each family is known. */
export function toAct(intent: RefreshIntent, newestOf: (family: number) => number): RefreshAct {
  if (intent.type !== 'refresh') return intent
  return { type: 'refresh', family: intent.family, token: Math.max(0, newestOf(intent.family) - intent.back) }
}
