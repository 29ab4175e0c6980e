import { SECOND_MS } from '@quantdeck/domain'
import { judgeRefresh } from '../../src/auth/refresh-family.ts'
import type { Product } from './machine.ts'
import { MOST_FAMILIES, type RefreshAct } from './refresh-reference.ts'

export type RefreshJudge = typeof judgeRefresh

interface Token {
  status: 'ACTIVE' | 'ROTATED' | 'REVOKED'
  rotatedAt: Date | null
  expiresAt: Date
  successor: number | null
}

interface Session {
  isEnded: boolean
  expiresAt: Date
  accessAt: Date
  tokens: Token[]
}

const DAY = 86_400 * SECOND_MS

/** The product's own verdict on rows in memory, as the session service acts on it. */
export class PureRefresh implements Product<RefreshAct> {
  readonly #judge: RefreshJudge
  readonly #sessions: Session[] = []
  #alerts = 0
  #now = Date.parse('2026-01-07T16:30:00Z')

  constructor(judge: RefreshJudge = judgeRefresh) {
    this.#judge = judge
  }

  async act(act: RefreshAct): Promise<unknown> {
    switch (act.type) {
      case 'wait':
        this.#now += act.ms
        return null
      case 'login':
        return this.#login()
      case 'refresh':
        return this.#with(act.family, (session) => this.#refresh(session, act.token))
      case 'logout':
        return this.#with(act.family, (session) => this.#logout(session))
      case 'end':
        return this.#with(act.family, (session) => this.#end(session))
      case 'call':
        return this.#with(act.family, (session) => (this.#mayCall(session) ? 200 : 401))
    }
  }

  async view(): Promise<unknown> {
    const families = this.#sessions.map(({ tokens }) => tokens.map(({ status }) => status))
    return { families, alerts: this.#alerts }
  }

  #with(family: number, act: (session: Session) => unknown): unknown {
    const session = this.#sessions[family]
    return session === undefined ? null : act(session)
  }

  #login(): string | null {
    if (this.#sessions.length === MOST_FAMILIES) return null
    const session: Session = {
      isEnded: false,
      expiresAt: new Date(this.#now + 30 * DAY),
      accessAt: new Date(this.#now),
      tokens: [],
    }
    this.#issue(session)
    this.#sessions.push(session)
    return 'token 0'
  }

  #issue(session: Session): number {
    const expiresAt = new Date(Math.min(this.#now + 7 * DAY, session.expiresAt.getTime()))
    return session.tokens.push({ status: 'ACTIVE', rotatedAt: null, expiresAt, successor: null }) - 1
  }

  #isOpen({ isEnded, expiresAt }: Session): boolean {
    return !isEnded && expiresAt.getTime() > this.#now
  }

  #mayCall(session: Session): boolean {
    const [now, since] = [this.#now, session.accessAt.getTime()].map((ms) => Math.floor(ms / SECOND_MS))
    return this.#isOpen(session) && (now ?? 0) < (since ?? 0) + 3_600
  }

  #end(session: Session): null {
    session.isEnded = true
    for (const token of session.tokens) token.status = 'REVOKED'
    return null
  }

  #logout(session: Session): number {
    if (!this.#mayCall(session)) return 401
    this.#end(session)
    return 200
  }

  #refresh(session: Session, index: number): unknown {
    const token = session.tokens[index]
    if (token === undefined) return 401
    const at = new Date(this.#now)
    const successor = token.successor === null ? null : (session.tokens[token.successor] ?? null)
    switch (this.#judge({ token, successor, isSessionOpen: this.#isOpen(session) }, at)) {
      case 'refuse':
        return 401
      case 'reuse':
        this.#end(session)
        this.#alerts += 1
        return 401
      case 'replay':
        session.accessAt = at
        return `token ${token.successor}`
      case 'rotate':
        token.status = 'ROTATED'
        token.rotatedAt = at
        token.successor = this.#issue(session)
        session.accessAt = at
        return `token ${token.successor}`
    }
  }
}

const long = new Date('2100-01-01T00:00:00Z')

/** What a product would do that forgot something. */
export const REFRESH_DEFECTS: Record<string, RefreshJudge> = {
  'only refuses a token that comes back': (presented, at) => {
    const verdict = judgeRefresh(presented, at)
    return verdict === 'reuse' ? 'refuse' : verdict
  },
  'answers a parent at any time': ({ token, ...rest }, at) =>
    judgeRefresh({ ...rest, token: { ...token, rotatedAt: token.rotatedAt && at } }, at),
  'answers a parent whose successor was used': ({ successor, ...rest }, at) =>
    judgeRefresh({ ...rest, successor: successor && { status: 'ACTIVE' } }, at),
  'gives the second tab a token of its own': (presented, at) => {
    const verdict = judgeRefresh(presented, at)
    return verdict === 'replay' ? 'rotate' : verdict
  },
  'logs the second tab out': ({ token, ...rest }, at) =>
    judgeRefresh({ ...rest, token: { ...token, rotatedAt: null } }, at),
  'takes a token that is too old': ({ token, ...rest }, at) =>
    judgeRefresh({ ...rest, token: { ...token, expiresAt: long } }, at),
  'goes on after the session has ended': (presented, at) =>
    judgeRefresh({ ...presented, isSessionOpen: true }, at),
  'stops answering a parent a moment too early': ({ token, ...rest }, at) => {
    const rotatedAt = token.rotatedAt && new Date(token.rotatedAt.getTime() - 1)
    return judgeRefresh({ ...rest, token: { ...token, rotatedAt } }, at)
  },
}
