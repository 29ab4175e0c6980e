import * as fc from 'fast-check'
import type { Machine } from './machine.ts'

const MINUTE = 60_000
const DAY = 86_400_000

/** What people do. `who` is one of three admins, `which` counts the requests in the order in which they were made. */
export type ApprovalAct =
  | { type: 'request'; who: number }
  | { type: 'approve'; who: number; which: number }
  | { type: 'revoke'; who: number; which: number }
  /** With the code of a request; without one that anybody has, with nonsense. */
  | { type: 'use'; which: number }
  | { type: 'guess' }
  | { type: 'back' }
  | { type: 'configure'; value: number }
  | { type: 'wait'; ms: number }

interface Approval {
  status: 'REQUESTED' | 'APPROVED' | 'USED' | 'EXPIRED' | 'REVOKED'
  wrongTries: number
  endsAt: number
  configuration: number
  requestedBy: number
  hadCode: boolean
}

export interface ApprovalsState {
  now: number
  isLive: boolean
  configuration: number
  approvals: readonly Approval[]
  /** What the audit log says about approvals, in no order. */
  log: Readonly<Record<string, number>>
}

interface Outcome {
  state: ApprovalsState
  answer: number | null
}

const refused = (state: ApprovalsState, answer: number): Outcome => ({ state, answer })

/** The four eyes: REQUESTED -> APPROVED -> USED | EXPIRED | REVOKED, and the mode of the strategy that they guard. */
export const approvalsReference: Machine<ApprovalsState, ApprovalAct> = {
  begin: () => ({ now: 0, isLive: false, configuration: 0, approvals: [], log: {} }),
  step: (state, act) => stepOf(state, act),
  view: ({ isLive, approvals, log }) => ({
    mode: isLive ? 'LIVE' : 'PAPER',
    approvals: approvals.map(({ status, wrongTries }) => `${status} ${wrongTries}`),
    log,
  }),
}

function stepOf(state: ApprovalsState, act: ApprovalAct): Outcome {
  switch (act.type) {
    case 'wait':
      return { state: expire({ ...state, now: state.now + act.ms }), answer: null }
    case 'configure':
      return { state: { ...state, configuration: act.value }, answer: 200 }
    case 'back':
      return state.isLive ? { state: { ...state, isLive: false }, answer: 200 } : refused(state, 409)
    case 'request':
      return request(state, act.who)
    case 'approve':
      return onOne(state, act.which, (one) => approve(state, one, act.who))
    case 'revoke':
      return onOne(state, act.which, (one) => revoke(state, one))
    case 'use':
      return use(state, state.approvals[act.which] ?? null)
    case 'guess':
      return use(state, null)
  }
}

/** Nothing but time ends a request after a day, and a code after ten minutes. */
function expire(state: ApprovalsState): ApprovalsState {
  const approvals = state.approvals.map((one) => {
    const isOpen = one.status === 'REQUESTED' || one.status === 'APPROVED'
    return isOpen && one.endsAt <= state.now ? { ...one, status: 'EXPIRED' as const } : one
  })
  return { ...state, approvals }
}

function logged(state: ApprovalsState, what: string): ApprovalsState {
  return { ...state, log: { ...state.log, [what]: (state.log[what] ?? 0) + 1 } }
}

function changed(state: ApprovalsState, from: Approval, to: Partial<Approval>): ApprovalsState {
  return { ...state, approvals: state.approvals.map((one) => (one === from ? { ...one, ...to } : one)) }
}

function request(state: ApprovalsState, who: number): Outcome {
  if (state.isLive) return refused(state, 409)
  const one: Approval = {
    status: 'REQUESTED',
    wrongTries: 0,
    endsAt: state.now + DAY,
    configuration: state.configuration,
    requestedBy: who,
    hadCode: false,
  }
  return {
    state: logged({ ...state, approvals: [...state.approvals, one] }, 'approval.request'),
    answer: 201,
  }
}

function onOne(state: ApprovalsState, which: number, act: (one: Approval) => Outcome): Outcome {
  const one = state.approvals[which]
  return one === undefined ? refused(state, 404) : act(one)
}

function approve(state: ApprovalsState, one: Approval, who: number): Outcome {
  if (one.requestedBy === who) return refused(state, 403)
  const isPossible = one.status === 'REQUESTED' && one.configuration === state.configuration && !state.isLive
  if (!isPossible) return refused(state, 409)
  const after = changed(state, one, { status: 'APPROVED', endsAt: state.now + 10 * MINUTE, hadCode: true })
  return { state: logged(after, 'approval.approve'), answer: 200 }
}

function revoke(state: ApprovalsState, one: Approval): Outcome {
  if (one.status !== 'REQUESTED' && one.status !== 'APPROVED') return refused(state, 409)
  return { state: logged(changed(state, one, { status: 'REVOKED' }), 'approval.revoke'), answer: 200 }
}

function use(state: ApprovalsState, one: Approval | null): Outcome {
  if (state.isLive) return refused(state, 409)
  if (one?.status === 'APPROVED') {
    if (one.configuration !== state.configuration) return refused(state, 409)
    const after = changed({ ...state, isLive: true }, one, { status: 'USED' })
    return { state: logged(after, 'approval.use'), answer: 200 }
  }
  // It could have been meant for any code that is open: five such tries end each of them.
  let after = state
  for (const open of state.approvals.filter(({ status }) => status === 'APPROVED')) {
    const wrongTries = open.wrongTries + 1
    after = changed(after, open, { wrongTries, ...(wrongTries === 5 && { status: 'REVOKED' }) })
    after = logged(after, 'approval.wrong_try')
  }
  return refused(after, 403)
}

const who = fc.nat(2)
const which = fc.nat(3)
const acts = {
  request: fc.record({ type: fc.constant('request' as const), who }),
  approve: fc.record({ type: fc.constant('approve' as const), who, which }),
  revoke: fc.record({ type: fc.constant('revoke' as const), who, which }),
  use: fc.record({ type: fc.constant('use' as const), which }),
  guess: fc.constant<ApprovalAct>({ type: 'guess' }),
  back: fc.constant<ApprovalAct>({ type: 'back' }),
  configure: fc.record({ type: fc.constant('configure' as const), value: fc.nat(1) }),
  wait: fc.record({
    type: fc.constant('wait' as const),
    ms: fc.constantFrom(1, MINUTE, 10 * MINUTE - 1, 10 * MINUTE, DAY - 1, DAY),
  }),
}
const some = (weights: Partial<Record<keyof typeof acts, number>>): fc.Arbitrary<ApprovalAct> =>
  fc.oneof(
    ...Object.entries(weights).map(([name, weight]) => ({
      weight,
      arbitrary: acts[name as keyof typeof acts] as fc.Arbitrary<ApprovalAct>,
    })),
  )

/** Long enough for several requests with their codes, wrong tries and ways back. */
export const approvalActs = fc.array(
  some({ request: 3, approve: 5, use: 5, back: 2, revoke: 1, guess: 2, configure: 1, wait: 1 }),
  { minLength: 5, maxLength: 25, size: 'max' },
)

/** Some requests, some of them approved; then several people at once. */
export const approvalRaces = fc.record({
  before: fc
    .tuple(fc.array(acts.request, { minLength: 1, maxLength: 3 }), fc.array(acts.approve, { maxLength: 3 }))
    .map(([requests, approvals]): ApprovalAct[] => [...requests, ...approvals]),
  race: fc.array(some({ approve: 4, use: 4, revoke: 3, guess: 1, configure: 1 }), {
    minLength: 2,
    maxLength: 5,
  }),
  after: fc.array(some({ use: 1, approve: 1 }), { minLength: 1, maxLength: 3 }),
})
