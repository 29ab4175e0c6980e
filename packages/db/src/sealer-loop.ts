import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@quantdeck/domain'
import { Client } from 'pg'
import type { Database } from './client.ts'
import type { SealedMessage } from './queries/outbox.ts'
import { SEALED_CHANNEL, sealOnce } from './sealer.ts'

export interface SealerOptions {
  clock: Clock
  /** How long an unsealed row waits at most when nobody wakes the sealer. */
  intervalMs: number
  /**
   * Something was sealed: by this process (then with the rows), or, on Postgres, by another one (then without;
   * read on from your own sequence).
   */
  onSealed: (messages: SealedMessage[] | null) => void
  onError: (error: unknown) => void
}

export interface Sealer {
  /** After a commit that wrote to the outbox or the audit log: seals at once instead of at the next interval. */
  wake: () => void
  /** Seals what is committed and waits for it. */
  flush: () => Promise<void>
  stop: () => Promise<void>
}

/** Seals until it is stopped. What was committed before the start (or before a crash) is sealed first. */
export async function startSealer(db: Database, options: SealerOptions): Promise<Sealer> {
  const origin = randomUUID()
  const loop = new SealerLoop(db, options, origin)
  const listener = db.url === undefined ? null : listenForSealed(db.url, options, origin)
  loop.wake()
  return {
    wake: () => loop.wake(),
    flush: () => loop.flush(),
    stop: async () => {
      await loop.stop()
      await listener?.stop()
    },
  }
}

/** Under load half of the time is left for what writes: a pass is answered by a rest as long, but no longer than this. */
const LONGEST_REST_MS = 20

/** One pass at a time; wakes during a pass, or the rest after it, are answered by one more. */
class SealerLoop {
  readonly #origin: string
  readonly #db: Database
  readonly #options: SealerOptions
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> | null = null
  #isAgain = false
  #isStopped = false

  constructor(db: Database, options: SealerOptions, origin: string) {
    this.#origin = origin
    this.#db = db
    this.#options = options
    this.#timer = setInterval(() => this.wake(), options.intervalMs)
    this.#timer.unref()
  }

  wake(): void {
    if (this.#isStopped) return
    this.#isAgain = true
    this.#running ??= this.#work().finally(() => {
      this.#running = null
    })
  }

  async flush(): Promise<void> {
    this.wake()
    await this.#running
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
    this.#isStopped = true
  }

  async #work(): Promise<void> {
    while (this.#isAgain) {
      this.#isAgain = false
      const beganMs = performance.now()
      try {
        await this.#sealAll()
        await sleep(Math.min(performance.now() - beganMs, LONGEST_REST_MS))
      } catch (error) {
        // The interval tries again; rows stay unsealed meanwhile, which readers are told.
        this.#options.onError(error)
        return
      }
    }
  }

  async #sealAll(): Promise<void> {
    for (;;) {
      const { messages, isMore } = await sealOnce(this.#db, this.#options.clock.now(), this.#origin)
      if (messages.length > 0) this.#options.onSealed(messages)
      if (!isMore) return
    }
  }
}

const RECONNECT_MS = 1_000

/** LISTEN needs a connection of its own, which is opened again when it breaks. */
function listenForSealed(url: string, { onSealed, onError }: SealerOptions, origin: string) {
  let client: Client | null = null
  let retry: NodeJS.Timeout | null = null
  let isStopped = false

  const reconnectLater = () => {
    client = null
    if (isStopped || retry !== null) return
    retry = setTimeout(() => {
      retry = null
      void connect()
    }, RECONNECT_MS)
    retry.unref()
  }

  const connect = async () => {
    const listening = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true })
    client = listening
    listening.on('error', onError)
    listening.on('end', reconnectLater)
    // What this process has sealed it was told with the rows.
    listening.on('notification', ({ payload }) => {
      if (payload?.endsWith(origin) !== true) onSealed(null)
    })
    try {
      await listening.connect()
      await listening.query(`listen ${SEALED_CHANNEL}`)
      // What was sealed while nobody listened.
      onSealed(null)
    } catch (error) {
      onError(error)
      await listening.end().catch(onError)
      reconnectLater()
    }
  }

  const connecting = connect()
  return {
    async stop(): Promise<void> {
      isStopped = true
      if (retry !== null) clearTimeout(retry)
      await connecting
      await client?.end()
    },
  }
}
