import {
  appendAudit,
  findUserByEmail,
  listAlertRules,
  listLoginAddresses,
  ruleFor,
  transaction,
  type Database,
  type User,
} from '@quantdeck/db'
import { DAY_MS, MINUTE_MS, SECOND_MS, type Clock } from '@quantdeck/domain'
import type { Logger } from 'pino'

import { raiseAlerts, type RaisedAlert } from '../features/alerts/raise.ts'
import { anonymousActor } from './actor.ts'
import { auditFacts } from './audit-facts.ts'
import type { Caller } from './caller.ts'
import { hashSecret } from './secrets.ts'
import type { WindowStore } from './sliding-window.ts'

/** Failures are only counted here, never refused: the limit is where counting ends. */
const WINDOW = { limit: 10_000, cost: 1, windowMs: 15 * MINUTE_MS, slotMs: SECOND_MS }
/** Where no rule says otherwise. */
const DEFAULT_FAILURES = 5
const ADDRESS_KNOWN_MS = 90 * DAY_MS

interface WatchParts {
  db: Database
  clock: Clock
  log: Logger
  /** Where wrong passwords are counted; with Redis by all instances together. */
  windows: WindowStore
}

/**
 * Notices what does not look like the owner of an account: many wrong passwords for it, many from one address, a
 * privileged login from a new address. Nobody who logs in waits for it, so that known and unknown accounts take the
 * same time. Alerts of the house are seen by everybody: who and from where stands in the audit log.
 */
export class LoginWatch {
  readonly #parts: WatchParts
  #last: Promise<void> = Promise.resolve()

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** A wrong password, or one that was not even looked at after too many of them. */
  noteFailure(email: string, caller: Caller): void {
    this.#inBackground(async () => {
      const ofAccount = await this.#count(`account:${hashSecret(email)}`)
      const ofAddress = caller.ip === null ? 0 : await this.#count(`address:${caller.ip}`)
      await this.#judgeFailures(email, caller, { ofAccount, ofAddress })
    })
  }

  /** @param at when the session was opened: addresses before that are known ones */
  noteLogin(user: User, caller: Caller, at: Date): void {
    if (caller.ip === null || (user.role !== 'admin' && user.role !== 'risk')) return
    this.#inBackground(() => this.#judgeAddress(user, caller, at))
  }

  /** Waits for what is being judged. */
  async settle(): Promise<void> {
    await this.#last
  }

  /** How many within the window, this one included; counted where other instances count theirs. */
  async #count(key: string): Promise<number> {
    const { remaining } = await this.#parts.windows.take(`failed|${key}`, WINDOW)
    return WINDOW.limit - remaining
  }

  /** One after the other: the failure that is one too many is told of before those after it. */
  #inBackground(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => {
      this.#parts.log.warn({ err: error }, 'a login could not be judged')
    })
  }

  async #judgeFailures(
    email: string,
    caller: Caller,
    { ofAccount, ofAddress }: { ofAccount: number; ofAddress: number },
  ): Promise<void> {
    const { db } = this.#parts
    const rule = ruleFor(await listAlertRules(db.kysely), { kind: 'login_anomaly', strategyId: null })
    const threshold = rule?.threshold?.toNumber() ?? DEFAULT_FAILURES
    const user = ofAccount >= threshold ? await findUserByEmail(db.kysely, email) : null
    if (user !== null) await this.#raise(accountAlert(user, ofAccount), caller, user)
    if (ofAddress >= threshold) await this.#raise(addressAlert(ofAddress), caller, null)
  }

  async #judgeAddress(user: User, caller: Caller, at: Date): Promise<void> {
    const since = new Date(at.getTime() - ADDRESS_KNOWN_MS)
    const known = await listLoginAddresses(this.#parts.db.kysely, user.userId, { since, before: at })
    if (known.length > 0 && !known.includes(caller.ip ?? ''))
      await this.#raise(newAddressAlert(user), caller, user)
  }

  /** With an entry in the audit log for each alert that was written, and for none that a rule held back. */
  async #raise(
    alert: Omit<RaisedAlert, 'dedupeKey' | 'strategyId'>,
    caller: Caller,
    user: User | null,
  ): Promise<void> {
    const { db, clock } = this.#parts
    const at = clock.now()
    // Also without a rule of its own: one an hour for one account or address.
    const subject = user?.userId ?? caller.ip ?? ''
    const dedupeKey = `${alert.code}:${hashSecret(subject)}:${at.toISOString().slice(0, 13)}`
    await transaction(db, async (trx) => {
      const written = await raiseAlerts(trx, [{ ...alert, strategyId: null, dedupeKey }], at)
      if (written === 0) return
      await appendAudit(trx, [
        {
          ...auditFacts(anonymousActor(caller.requestId, caller.ip), at),
          action: `session.${alert.code.toLowerCase()}`,
          entity: 'user',
          entityId: user?.userId ?? null,
          before: null,
          after: alert.context,
          reason: null,
        },
      ])
    })
  }
}

function accountAlert({ userId }: User, failures: number) {
  return {
    severity: 'WARNING' as const,
    code: 'LOGIN_FAILURES',
    message: `${failures} wrong passwords for one account within 15 minutes`,
    context: { user_id: userId, failures },
  }
}

function addressAlert(failures: number) {
  return {
    severity: 'WARNING' as const,
    code: 'LOGIN_FAILURES_FROM_ADDRESS',
    message: `${failures} wrong passwords from one address within 15 minutes`,
    context: { failures },
  }
}

function newAddressAlert({ userId, role }: User) {
  return {
    severity: 'INFO' as const,
    code: 'LOGIN_NEW_ADDRESS',
    message: `A user with the role ${role} logged in from an address that was not seen before`,
    context: { user_id: userId },
  }
}
