import { MINUTE_MS } from '@quantdeck/domain'
import { type AlpacaHttp, AlpacaUncertain } from './http.ts'
import { type AlpacaFill, alpacaFills } from './wire.ts'

const PAGE = 100
/** A fill can be listed a little after a later one; what was read is read again for this long. */
const OVERLAP_MS = MINUTE_MS
const MOST_PAGES = 500
/** More than a year of busy trading; beyond, it starts anew. */
const MOST_KEPT = 50_000
const TIMEOUT_MS = 10_000

/**
 * The executions of the account as `GET /v2/account/activities/FILL` lists them: the only complete list that there is,
 * since the stream says nothing twice. It is read once from as far back as somebody asked, and then only what is new.
 */
export class FillLedger {
  readonly #http: AlpacaHttp
  readonly #fills = new Map<string, AlpacaFill>()
  #coveredFromMs = Number.POSITIVE_INFINITY
  /** Of the newest fill, by Alpaca's clock: ours may differ. */
  #lastMs = 0
  #reading: Promise<void> = Promise.resolve()

  constructor(http: AlpacaHttp) {
    this.#http = http
  }

  /** All fills at or after an instant, oldest first. */
  async since(from: Date): Promise<AlpacaFill[]> {
    const work = this.#reading.then(() => this.#refresh(from.getTime()))
    this.#reading = work.catch(() => {})
    await work
    return [...this.#fills.values()]
      .filter((fill) => fill.transaction_time >= from)
      .sort((a, b) => a.transaction_time.getTime() - b.transaction_time.getTime() || a.cum_qty.cmp(b.cum_qty))
  }

  async #refresh(fromMs: number): Promise<void> {
    if (this.#fills.size > MOST_KEPT) this.#forget()
    const isCovered = fromMs >= this.#coveredFromMs
    const startMs = isCovered ? Math.max(this.#lastMs - OVERLAP_MS, this.#coveredFromMs) : fromMs
    await this.#read(new Date(startMs - 1))
    // Only now: a part of the pages is no list.
    if (!isCovered) this.#coveredFromMs = fromMs
  }

  async #read(after: Date): Promise<void> {
    let token: string | null = null
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const fills: AlpacaFill[] = await this.#http.send({
        method: 'GET',
        path: '/v2/account/activities/FILL',
        query: {
          after: after.toISOString(),
          direction: 'asc',
          page_size: String(PAGE),
          ...(token !== null && { page_token: token }),
        },
        priority: 'query',
        timeoutMs: TIMEOUT_MS,
        answer: alpacaFills,
      })
      for (const fill of fills) {
        this.#fills.set(fill.id, fill)
        this.#lastMs = Math.max(this.#lastMs, fill.transaction_time.getTime())
      }
      const last = fills.at(-1)
      if (fills.length < PAGE || last === undefined) return
      if (last.id === token) throw new AlpacaUncertain('the list of fills does not move on')
      token = last.id
    }
    throw new AlpacaUncertain(`the list of fills has more than ${MOST_PAGES} pages`)
  }

  #forget(): void {
    this.#fills.clear()
    this.#coveredFromMs = Number.POSITIVE_INFINITY
    this.#lastMs = 0
  }
}
