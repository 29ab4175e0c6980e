import { AppError } from '@quantdeck/domain'
import { performance } from 'node:perf_hooks'
import type { Logger } from 'pino'

/** Fewer requests at once than this are never too many, however long each of them takes. */
const CROWD = 32
/** So many at once are taken on even if they take long: a burst, and not yet an overload. */
const BURST = 128
/** A turn of the event loop that took this long for a crowd kept somebody waiting. */
const LONG_TURN_MS = 25
/** A crowd that stays this long is an overload; after this time without one it is over. */
const SUSTAINED_MS = 500
const FORGOTTEN_MS = 250
/** What an overloaded process takes on: this much work a turn, with this many in line for the database. */
const TURN_BUDGET_MS = 15
const SHORT_LINE = 8

export interface AdmissionParts {
  readonly log: Logger
  /** Queries that wait for a connection to the database; always 0 where queries run in this process. */
  readonly waitingQueries: () => number
  /** Monotonic milliseconds; the process's own unless a test says otherwise. */
  readonly nowMs?: () => number
  /** Calls back when this turn of the event loop has read every request that had arrived. */
  readonly afterTurn?: (done: () => void) => void
}

/**
 * Decides whether another request is taken on, or told at once to come back later (ADR 0010). What piles up does so in
 * one of two places: in a turn of the event loop, because the embedded database answers within it, or in the line for
 * a connection to Postgres. Work is counted there and not by open requests: those that only wait for a slow client, a
 * password's hash or the next event of a stream hold nobody up.
 */
export class Admission {
  readonly #parts: AdmissionParts
  readonly #now: () => number
  readonly #afterTurn: (done: () => void) => void
  #turn: { startedAt: number; requests: number } | null = null
  /** The crowd that is there, or was a moment ago. */
  #crowd: { since: number; lastSeen: number } | null = null
  #isOverloaded = false
  #refused = 0
  #refusedBefore = 0

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#now = parts.nowMs ?? (() => performance.now())
    this.#afterTurn = parts.afterTurn ?? ((done) => void setImmediate(done))
  }

  /** How many were refused since the start. */
  get refused(): number {
    return this.#refused
  }

  /** @throws AppError SERVICE_UNAVAILABLE when there is more than can be done */
  assertOpen(): void {
    const now = this.#now()
    const turn = (this.#turn ??= this.#openTurn(now))
    turn.requests += 1
    const waiting = this.#parts.waitingQueries()
    if (waiting >= CROWD) this.#seeCrowd(now, now)
    if (this.#hasRoom(now, turn, waiting)) return
    this.#seeCrowd(turn.startedAt, now)
    this.#refused += 1
    throw OVERLOADED
  }

  #hasRoom(now: number, turn: { startedAt: number; requests: number }, waiting: number): boolean {
    if (!this.#judge(now)) return turn.requests <= BURST && waiting < BURST
    return now - turn.startedAt < TURN_BUDGET_MS && waiting < SHORT_LINE
  }

  #openTurn(startedAt: number): { startedAt: number; requests: number } {
    const turn = { startedAt, requests: 0 }
    this.#afterTurn(() => {
      this.#turn = null
      const now = this.#now()
      if (turn.requests >= CROWD && now - startedAt >= LONG_TURN_MS) this.#seeCrowd(startedAt, now)
    })
    return turn
  }

  #seeCrowd(from: number, now: number): void {
    const crowd = this.#crowd
    const since = crowd === null || from - crowd.lastSeen > FORGOTTEN_MS ? from : crowd.since
    this.#crowd = { since, lastSeen: now }
  }

  /** Whether it is an overload by now; its beginning and its end are a line of the log each. */
  #judge(now: number): boolean {
    const crowd = this.#crowd
    const isOverloaded =
      crowd !== null && now - crowd.lastSeen <= FORGOTTEN_MS && crowd.lastSeen - crowd.since >= SUSTAINED_MS
    if (isOverloaded === this.#isOverloaded) return isOverloaded
    this.#isOverloaded = isOverloaded
    if (isOverloaded) {
      this.#parts.log.warn('more requests than can be served: some are refused')
    } else {
      this.#parts.log.warn({ refused: this.#refused - this.#refusedBefore }, 'all requests are served again')
      this.#refusedBefore = this.#refused
    }
    return isOverloaded
  }
}

/** Made once: under an overload a stack for each refusal would cost more than the refusal. */
const OVERLOADED = new AppError('SERVICE_UNAVAILABLE', 'More requests than can be served: try again later', {
  retryAfterSeconds: 1,
})

/** Whoever asks how the server is, stops trading, or closes what a stop left open, is always let in. */
const ALWAYS_OPEN =
  /^\/(?:healthz|readyz|metrics|v1\/health(?:\/services\/[^/?]*)?|v1\/controls\/kill-switch(?:\/flatten(?:\/[^/?]*)?)?)(?:\?|$)/
const OPEN_OPERATIONS: ReadonlySet<string> = new Set([
  ...['get_health', 'get_service_health', 'set_kill_switch'],
  // A halted scope may hold what loses by the second.
  ...['flatten_positions', 'get_flatten'],
])

/** For a URL as it was sent. tRPC's requests carry several calls and are decided one by one. */
export function isDecidedByUrl(url: string): boolean {
  return !ALWAYS_OPEN.test(url) && !url.startsWith('/trpc')
}

export function isAlwaysOpen(operationId: string): boolean {
  return OPEN_OPERATIONS.has(operationId)
}
