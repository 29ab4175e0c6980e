import {
  listAlertRules,
  listLastingAlerts,
  listUnescalatedAlerts,
  markEscalated,
  markRepeated,
  markResolved,
  ruleFor,
  transaction,
  type AlertRecord,
  type AlertRule,
} from '@quantdeck/db'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '@quantdeck/domain'

import type { Deps } from '../../deps.ts'
import { isLasting, readFacts, thresholdAlerts } from './conditions.ts'
import { dispatchNewAlerts, tellReceivers } from './dispatch.ts'
import { raiseAlerts } from './raise.ts'

/** Nobody has to wake it: what nobody announced is told within this time. */
const ROUND_MS = 2 * SECOND_MS
const LOOKED_AT = 500
/** Older ones are history: a rule that is made today does not start with last month. */
const LASTING_FOR_MS = 7 * DAY_MS
const ESCALATED_WITHIN_MS = DAY_MS

/**
 * Tells webhooks of alerts: of new ones at once, of lasting ones again, of those that nobody acknowledges to whoever is
 * next. Everything it decides is in the database, so several processes may do it at once, and a restart goes on.
 */
export class Alerting {
  readonly #deps: Deps
  readonly #unsubscribe: () => void
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #isAgain = false
  #isStopped = false

  constructor(deps: Deps) {
    this.#deps = deps
    this.#unsubscribe = deps.hub.subscribe(({ event }) => {
      if (event.topic === 'alerts') this.#wake(false)
    })
  }

  start(): void {
    this.#timer = setInterval(() => this.#wake(true), ROUND_MS)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#unsubscribe()
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#running
  }

  #wake(isRound: boolean): void {
    if (this.#isStopped) return
    this.#isAgain = true
    this.#running ??= this.#work(isRound).finally(() => (this.#running = null))
  }

  async #work(isRound: boolean): Promise<void> {
    try {
      while (this.#isAgain && !this.#isStopped) {
        this.#isAgain = false
        await this.tellNew()
      }
      if (isRound) await this.watch()
    } catch (error) {
      this.#deps.log.error({ err: error }, 'alerting failed; trying again')
    }
  }

  /** New alerts to those who want them. */
  async tellNew(): Promise<void> {
    const { db, clock, webhooks } = this.#deps
    for (;;) {
      const { count, isMore } = await dispatchNewAlerts(db, clock.now())
      if (count > 0) webhooks.worker.wake()
      if (!isMore) return
    }
  }

  /** What lasts, what is over, what nobody acknowledges, and what a rule's threshold finds. */
  async watch(): Promise<void> {
    const rules = await listAlertRules(this.#deps.db.kysely)
    await this.#followConditions(rules)
    await this.#escalate(rules)
  }

  async #followConditions(rules: readonly AlertRule[]): Promise<void> {
    const { db, clock } = this.#deps
    const now = clock.now()
    const since = new Date(now.getTime() - LASTING_FOR_MS)
    const open = await listLastingAlerts(db.kysely, since, LOOKED_AT)
    const hasThresholds = rules.some(({ isEnabled, threshold, kind }) => {
      return isEnabled && threshold !== null && kind !== 'login_anomaly'
    })
    if (open.length === 0 && !hasThresholds) return
    const facts = await readFacts(this.#deps, open)
    if (hasThresholds) await this.#raise(thresholdAlerts(facts, rules), now)
    const over = open.filter((alert) => !isLasting(alert, facts, rules))
    if (over.length > 0) {
      await markResolved(
        db.kysely,
        over.map(({ alertId }) => alertId),
        now,
      )
    }
    for (const alert of open) {
      if (!over.includes(alert) && isRepeatDue(alert, ruleFor(rules, alert), now))
        await this.#repeat(alert, now)
    }
  }

  async #raise(found: ReturnType<typeof thresholdAlerts>, now: Date): Promise<void> {
    const { db, wakeSealer } = this.#deps
    if (found.length === 0) return
    const written = await transaction(db, (trx) => raiseAlerts(trx, found, now))
    if (written === 0) return
    wakeSealer()
    await this.tellNew()
  }

  async #repeat(alert: AlertRecord, now: Date): Promise<void> {
    const { db, webhooks } = this.#deps
    const occurrence = alert.repeatCount + 1
    await transaction(db, async (trx) => {
      if (!(await markRepeated(trx, alert, now))) return
      await tellReceivers(trx, [{ type: 'alert.repeated', alert, occurrence, at: now }])
    })
    webhooks.worker.wake()
  }

  async #escalate(rules: readonly AlertRule[]): Promise<void> {
    const { db, clock, webhooks } = this.#deps
    const escalating = rules.filter(({ isEnabled, escalateMinutes }) => isEnabled && escalateMinutes !== null)
    if (escalating.length === 0) return
    const now = clock.now()
    const longestMs = Math.max(...escalating.map(({ escalateMinutes }) => escalateMinutes ?? 0)) * MINUTE_MS
    const open = await listUnescalatedAlerts(db.kysely, {
      since: new Date(now.getTime() - longestMs - ESCALATED_WITHIN_MS),
      kinds: escalating.map(({ kind }) => kind),
      limit: LOOKED_AT,
    })
    for (const alert of open) {
      const rule = ruleFor(rules, alert)
      if (!isEscalationDue(alert, rule, now)) continue
      await transaction(db, async (trx) => {
        if (!(await markEscalated(trx, alert.alertId, now))) return
        const event = { type: 'alert.escalated' as const, alert, occurrence: 0, at: now }
        await tellReceivers(trx, [event], rule?.escalateWebhookId ?? null)
      })
      webhooks.worker.wake()
    }
  }
}

function isRepeatDue(alert: AlertRecord, rule: AlertRule | null, now: Date): boolean {
  if (rule === null || !rule.isEnabled || rule.repeatMinutes === null) return false
  const lastAt = alert.lastRepeatedAt ?? alert.createdAt
  return now.getTime() - lastAt.getTime() >= rule.repeatMinutes * MINUTE_MS
}

function isEscalationDue(alert: AlertRecord, rule: AlertRule | null, now: Date): boolean {
  if (rule === null || !rule.isEnabled || rule.escalateMinutes === null) return false
  return now.getTime() - alert.createdAt.getTime() >= rule.escalateMinutes * MINUTE_MS
}
