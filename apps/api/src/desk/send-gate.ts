import { type Database, holdSends, type KillSwitch, listKillSwitches, waitForSends } from '@quantdeck/db'
import type { Order, TradingState } from '@quantdeck/domain'
import type { StoppedScopes } from '../latch/kill-latch.ts'

/** Sends share one hold for this long, so that a burst of orders does not cost a lock each, and a waiting stop gets its turn. */
const HOLD_MS = 200

type Sent = Pick<Order, 'strategyId' | 'symbol' | 'origin' | 'isEntry'>

interface Hold {
  openedMs: number
  users: number
  /** Ends it once nobody uses it. */
  release: () => void
  released: Promise<void>
}

/**
 * The last door before the broker. An order was judged in the transaction that stored it, but leaves after that has been
 * committed; a kill switch may come between. So the switches are read once more right before each send, under a lock that
 * an activation waits for before it is acknowledged: what was on its way when it was committed has left by then, and
 * nothing leaves afterwards. The lock is the database's, because other processes send as well.
 */
export class SendGate {
  readonly #db: Database
  readonly #nowMs: () => number
  readonly #latch: StoppedScopes | null
  /** Being handed over at this moment. */
  readonly #leaving = new Set<Promise<void>>()
  #hold: Hold | null = null
  #opening: Promise<Hold> | null = null
  #nextRead: Promise<KillSwitch[]> | null = null

  constructor(db: Database, nowMs: () => number, latch: StoppedScopes | null = null) {
    this.#db = db
    this.#nowMs = nowMs
    this.#latch = latch
  }

  /** @returns false if a kill switch stopped it @throws what `send` throws, and SwitchesUnreadable before anything was sent */
  async pass(order: Sent, send: () => Promise<void>): Promise<boolean> {
    const hold = await this.#join()
    try {
      const switches = await this.#read()
      if (isStopped(order, switches) || this.#isLatched(order)) return false
      await this.#send(send)
      return true
    } finally {
      this.#leave(hold)
    }
  }

  /** Resolves when every send that may have missed the last change of a switch is over. */
  async drain(): Promise<void> {
    if (this.#db.kind === 'postgres') return waitForSends(this.#db)
    await this.#hold?.released
  }

  /** The same for the sends of this process alone: it needs no database, and a latched stop has nothing else to wait for. */
  async drainHere(): Promise<void> {
    await Promise.allSettled(this.#leaving)
  }

  /** Nothing comes between the look at the latch and this: a stop is in memory before it, or waits for it. */
  async #send(send: () => Promise<void>): Promise<void> {
    const leaving = send()
    this.#leaving.add(leaving)
    try {
      await leaving
    } finally {
      this.#leaving.delete(leaving)
    }
  }

  #isLatched(order: Sent): boolean {
    const levels = this.#latch?.levels()
    return (
      levels !== undefined && scopesOf(order).some((scope) => stops(levels.get(scope) ?? 'ACTIVE', order))
    )
  }

  /** Orders that are at the door together share one look; each look begins after they came. */
  async #read(): Promise<KillSwitch[]> {
    this.#nextRead ??= Promise.resolve().then(() => {
      this.#nextRead = null
      return listKillSwitches(this.#db.kysely)
    })
    try {
      return await this.#nextRead
    } catch (error) {
      throw new SwitchesUnreadable(error)
    }
  }

  async #join(): Promise<Hold> {
    const current = this.#hold
    if (current && this.#nowMs() - current.openedMs < HOLD_MS) {
      current.users += 1
      return current
    }
    // Whoever comes while a hold is being opened waits for that one: each of its own would take a connection each.
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null
    })
    const hold = await this.#opening
    hold.users += 1
    return hold
  }

  async #open(): Promise<Hold> {
    const { promise: over, resolve: release } = Promise.withResolvers<void>()
    const hold: Hold = { openedMs: this.#nowMs(), users: 0, release, released: over }
    if (this.#db.kind === 'postgres') {
      try {
        hold.released = (await holdSends(this.#db, over)).ended
      } catch (error) {
        throw new SwitchesUnreadable(error)
      }
      hold.openedMs = this.#nowMs()
    }
    this.#hold = hold
    return hold
  }

  #leave(hold: Hold): void {
    hold.users -= 1
    if (hold.users > 0) return
    if (this.#hold === hold) this.#hold = null
    hold.release()
  }
}

/** Nothing was sent: as long as the switches cannot be read, they count as HALTED. */
export class SwitchesUnreadable extends Error {
  constructor(cause: unknown) {
    super('the kill switches cannot be read', { cause })
  }
}

function isStopped(order: Sent, switches: readonly KillSwitch[]): boolean {
  const scopes = new Set<string>(scopesOf(order))
  return switches.some(({ scope, level }) => scopes.has(scope) && stops(level, order))
}

function scopesOf({ strategyId, symbol }: Sent): string[] {
  return ['global', `strategy:${strategyId}`, `symbol:${symbol}`]
}

function stops(level: TradingState, order: Sent): boolean {
  if (level === 'HALTED') return order.origin !== 'kill_flatten'
  return level === 'REDUCING' && order.isEntry
}
