/** Limits of the reference model, in whole numbers. */
export interface ReferenceLimits {
  drawdownPercent: number
  dailyLossPercent: number
  tradesPerDay: number
  lossStreak: number
  cooldownMs: number
  /** Null: no throttle. */
  throttle: number | null
  collarBreaches: number
  collarWindowMs: number
  cleanPasses: number
}

/** What keeps an entry from being sent, by the code that it is refused with. */
export type EntryBlock =
  | 'TRADING_STATE_REDUCING'
  | 'EXECUTION_THROTTLE'
  | 'DAILY_LOSS_LIMIT'
  | 'MAX_TRADES_PER_DAY'
  | 'COOLDOWN_ACTIVE'

interface DayFact {
  at: number
  /** Net result of a trade that was closed, in cents; null: something else happened. */
  result: number | null
}

/**
 * The controls A01-A04, A06 and the latches of R07 and R16 as the specification words them, for tests to hold the engine
 * and the product against. It shares no line with them: money is whole cents, the day is a list of what happened, and
 * streak and cooldown are read off that list anew each time.
 */
export class ReferenceControls {
  readonly #limits: ReferenceLimits
  readonly #entries = new Set<string>()
  #peak: number
  #dayOpen: number
  #facts: DayFact[] = []
  #isOverDrawdown = false
  #isOverDailyLoss = false
  #breaches: number[] = []
  #isOverCollar = false
  #executions = 0
  #isThrottled = false
  /** Passes without a difference since the last one with; null: none differs. */
  #cleanSince: number | null = null

  constructor(limits: ReferenceLimits, startCents: number) {
    this.#limits = limits
    this.#peak = startCents
    this.#dayOpen = startCents
  }

  marked(at: number, cents: number): void {
    this.#happened(at)
    this.#peak = Math.max(this.#peak, cents)
    const { drawdownPercent, dailyLossPercent } = this.#limits
    if (hasLost(this.#peak, cents, drawdownPercent)) this.#isOverDrawdown = true
    if (hasLost(this.#dayOpen, cents, dailyLossPercent)) this.#isOverDailyLoss = true
  }

  dayRolled(at: number, cents: number): void {
    this.#facts = []
    this.#entries.clear()
    this.#isOverDailyLoss = false
    this.#dayOpen = cents
    this.marked(at, cents)
  }

  entryFilled(at: number, orderId: string): void {
    this.#happened(at)
    this.#entries.add(orderId)
  }

  tradeClosed(at: number, cents: number): void {
    this.#facts.push({ at, result: cents })
  }

  collarBreached(at: number): void {
    this.#happened(at)
    const { collarBreaches, collarWindowMs } = this.#limits
    this.#breaches = [...this.#breaches.filter((breach) => breach > at - collarWindowMs), at]
    if (this.#breaches.length > collarBreaches) this.#isOverCollar = true
  }

  executed(at: number): void {
    this.#happened(at)
    const { throttle } = this.#limits
    if (throttle === null) return
    this.#executions += 1
    if (this.#executions >= throttle) this.#isThrottled = true
  }

  rearmed(at: number): void {
    this.#happened(at)
    this.#executions = 0
    this.#isThrottled = false
  }

  reconciled(at: number, matches: boolean): void {
    this.#happened(at)
    if (!matches) this.#cleanSince = 0
    else if (this.#cleanSince !== null) this.#cleanSince += 1
    if (this.#cleanSince === this.#limits.cleanPasses) this.#cleanSince = null
  }

  /** A person's release: the peak starts at the equity of the moment. */
  released(at: number, cents: number): void {
    this.#happened(at)
    this.#peak = cents
    this.#isOverDrawdown = false
    this.#breaches = []
    this.#isOverCollar = false
    this.#executions = 0
    this.#isThrottled = false
  }

  get tradesToday(): number {
    return this.#entries.size
  }

  get isLatched(): boolean {
    return this.#isOverDrawdown || this.#isOverCollar || this.#isThrottled || this.#cleanSince !== null
  }

  get isOverDailyLoss(): boolean {
    return this.#isOverDailyLoss
  }

  /** Losses in a row and the end of the running cooldown, as of an instant. */
  streak(now: number): { losses: number; until: number | null } {
    let losses = 0
    let until: number | null = null
    for (const { at, result } of [...this.#facts, { at: now, result: null }]) {
      if (until !== null && at >= until) [losses, until] = [0, null]
      if (result === null || result === 0) continue
      losses = result > 0 ? 0 : losses + 1
      const cools = result < 0 && (until !== null || losses >= this.#limits.lossStreak)
      if (cools) until = at + this.#limits.cooldownMs
    }
    return { losses, until }
  }

  /** What an entry would be refused for, in the order of the rules. */
  blocks(now: number): EntryBlock[] {
    const holds: Record<EntryBlock, boolean> = {
      TRADING_STATE_REDUCING: this.isLatched,
      EXECUTION_THROTTLE: this.#limits.throttle !== null && this.#executions >= this.#limits.throttle,
      DAILY_LOSS_LIMIT: this.#isOverDailyLoss,
      MAX_TRADES_PER_DAY: this.#entries.size >= this.#limits.tradesPerDay,
      COOLDOWN_ACTIVE: this.streak(now).until !== null,
    }
    return (Object.keys(holds) as EntryBlock[]).filter((block) => holds[block])
  }

  #happened(at: number): void {
    this.#facts.push({ at, result: null })
  }
}

/** At least so many percent of the base are lost. */
function hasLost(base: number, now: number, percent: number): boolean {
  return now < base && (base - now) * 100 >= percent * base
}
