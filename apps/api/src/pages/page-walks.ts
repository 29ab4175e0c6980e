import type { Page, PageKey, PageSeen } from '@quantdeck/db'
import { type Clock, ensureDefined, MINUTE_MS } from '@quantdeck/domain'
import { type Actor, principalOf } from '../auth/actor.ts'

const IDLE_MS = 10 * MINUTE_MS
/** Together a few tens of megabytes if everybody walks as much as anybody may. */
const MAX_CALLERS = 500
const MAX_LISTS = 20
const MAX_WALKS = 4
const MAX_ENDS = 16

/** Somebody goes through a list, page after page. */
interface Walk {
  /** The newest row of the list when its first page was read. */
  readonly upToSeq: number
  /** The last row of each page that was read. */
  readonly ends: Map<number, PageKey>
  usedAt: number
}

export interface PageNumber {
  page: number
  perPage: number
}

/**
 * Lets `page` and `per_page` alone go through a list that changes meanwhile, without a row twice or a row left out.
 *
 * Page 1 remembers the newest row and where the page ended; page n + 1 is what comes behind the end of page n among
 * the rows that page 1 could have shown. So an insert moves nothing, whatever its time, and neither does a row that
 * leaves or enters the filter (an order that is filled under `?status=PENDING`), as a number of rows to skip would.
 * Promised: a row that was there and matched from the first page to the last is on exactly one page, and no row is on
 * two. A page that is asked out of turn begins at the nearest known end before it, counted on.
 *
 * Remembered per caller (principal and session), list, filters and page size, for ten minutes after the last page; no
 * caller touches what another one sees. Page 1 always reads the list as it is now. Two walks of one caller through the
 * same list with the same page size cannot be told apart: both are followed as the younger one, whose pages may end
 * elsewhere, so the older one can see a row twice or miss one; a session of its own, or another page size, keeps it
 * apart. In memory, for GET writes nothing: an instance that was not asked the pages before reads the list as it is
 * now, and behind a balancer without sticky sessions that is all there is.
 */
export class PageWalks {
  readonly #clock: Clock
  readonly #callers = new Map<string, Map<string, Walk[]>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * From where to where to read; the query reports back through `onSeen`.
   * @param list name of the list
   * @param filter everything else that decides which rows are in it; undefined fields count as absent
   */
  page(actor: Actor, list: string, filter: object, { page, perPage }: PageNumber): Page {
    const walks = this.#walksOf(actor, JSON.stringify([list, perPage, filter]))
    const whole = { limit: perPage, offset: (page - 1) * perPage }
    const begin = (seen: PageSeen): void => this.#begin(walks, page, seen)
    if (page === 1) return { ...whole, onSeen: begin }
    const walk = walks.findLast(({ ends }) => ends.has(page - 1)) ?? walks.at(-1)
    if (walk === undefined) return { ...whole, onSeen: begin }
    const { upToSeq } = walk
    const onSeen = (seen: PageSeen): void => this.#advance(walk, page, seen)
    const before = Math.max(...[...walk.ends.keys()].filter((ended) => ended < page))
    const after = walk.ends.get(before)
    if (after === undefined) return { ...whole, upToSeq, onSeen }
    return { limit: perPage, offset: (page - 1 - before) * perPage, upToSeq, after, onSeen }
  }

  #walksOf(actor: Actor, key: string): Walk[] {
    const caller = `${principalOf(actor)}|${actor.sessionId ?? ''}`
    const lists = touch(this.#callers, caller, MAX_CALLERS, () => new Map<string, Walk[]>())
    const walks = touch(lists, key, MAX_LISTS, () => [])
    const oldest = this.#clock.now().getTime() - IDLE_MS
    const alive = walks.filter(({ usedAt }) => usedAt >= oldest)
    walks.splice(0, walks.length, ...alive)
    return walks
  }

  /** In place of one that has not gone on: whoever polls page 1 pushes out nobody's walk. */
  #begin(walks: Walk[], page: number, seen: PageSeen): void {
    const advanced = walks.filter(({ ends }) => [...ends.keys()].some((ended) => ended !== page))
    const walk: Walk = { upToSeq: seen.upToSeq, ends: new Map(), usedAt: 0 }
    this.#advance(walk, page, seen)
    walks.splice(0, walks.length, ...advanced.slice(1 - MAX_WALKS), walk)
  }

  #advance(walk: Walk, page: number, { last }: PageSeen): void {
    walk.usedAt = this.#clock.now().getTime()
    if (last === null) return
    touch(walk.ends, page, MAX_ENDS, () => last)
    walk.ends.set(page, last)
  }
}

/** The value of a key, which is now the one used last; the ones not used for longest go. */
function touch<Key, Value>(map: Map<Key, Value>, key: Key, limit: number, make: () => Value): Value {
  const value = map.has(key) ? (map.get(key) as Value) : make()
  map.delete(key)
  map.set(key, value)
  if (map.size > limit) map.delete(ensureDefined(map.keys().next().value, 'the first key'))
  return value
}
