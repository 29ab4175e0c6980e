import { openSync, readSync } from 'node:fs'

const INTERVAL_MS = 10
/** What a server asked may still be told about: a handful of requests that came just before. */
const REMEMBERED = 12

export interface Stall {
  /** How long the loop was held up by this process itself. */
  ms: number
  /** How long it seemed to others: what the machine gave to other programs meanwhile is in it. */
  wallMs: number
  /** The requests that came last before it. */
  after: string[]
}

const NONE: Stall = { ms: 0, wallMs: 0, after: [] }

/**
 * The longest time in which a server's loop did not turn. A timer that comes late says so; how much of that the thread
 * merely waited for a processor, because other programs ran, the kernel says (or, without it, the thread's CPU time).
 */
export class StallWatch {
  readonly #requests: string[] = []
  readonly #waited = openRunQueueClock()
  #worst = NONE
  #at = 0
  #waitedMs = 0
  #cpuMs = 0
  #timer: NodeJS.Timeout | null = null

  start(): void {
    this.#mark()
    this.#timer = setInterval(() => this.#tick(), INTERVAL_MS)
  }

  /** While the test itself holds up the loop. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  note(request: string): void {
    this.#requests.push(request)
    if (this.#requests.length > REMEMBERED) this.#requests.shift()
  }

  /** The worst since it was last asked. */
  take(): Stall {
    const worst = this.#worst
    this.#worst = NONE
    return worst
  }

  #mark(): void {
    this.#at = performance.now()
    this.#waitedMs = this.#waited?.() ?? 0
    this.#cpuMs = cpuMs()
  }

  #tick(): void {
    const [at, waitedMs, usedMs] = [this.#at, this.#waitedMs, this.#cpuMs]
    this.#mark()
    const wallMs = this.#at - at - INTERVAL_MS
    const ms =
      this.#waited === null ? Math.min(wallMs, this.#cpuMs - usedMs) : wallMs - (this.#waitedMs - waitedMs)
    if (ms > this.#worst.ms) this.#worst = { ms, wallMs, after: [...this.#requests] }
  }
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** How long this thread was ready to run and did not, in ms; Linux counts it. */
function openRunQueueClock(): (() => number) | null {
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r')
    const bytes = Buffer.alloc(80)
    return () => {
      const length = readSync(file, bytes, 0, bytes.length, 0)
      return Number(bytes.toString('latin1', 0, length).split(' ')[1]) / 1e6
    }
  } catch {
    return null
  }
}
