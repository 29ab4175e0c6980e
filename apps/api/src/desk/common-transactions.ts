import { type BrokerCommand, ChangeSet } from './changes.ts'
import type { RunOptions, Work } from './work.ts'

/** What happened to work in a common transaction: its result, and when the broker has been told of what it asked. */
export interface Done {
  result: unknown
  told: Promise<void>
}

interface Waiting {
  work: Work<unknown>
  clientOrderId: string | undefined
  isPatient: boolean
  /** Null: it has to run alone. */
  resolve: (done: Done | null) => void
  reject: (error: unknown) => void
}

/** The result of one work and what it asked of the broker. */
export interface WorkResult {
  result: unknown
  commands: BrokerCommand[]
}

export interface CommonParts {
  /** Runs a job when all before it are done. */
  enqueue: (job: () => Promise<void>) => Promise<void>
  transact: (
    work: Work<WorkResult[]>,
    changes: ChangeSet,
    options: RunOptions & { onCommit: () => void },
  ) => Promise<WorkResult[]>
  /** Called with everything that was committed, before anybody hears of it. */
  onCommitted: (changes: ChangeSet) => void
  /** Tells the broker. */
  send: (commands: readonly BrokerCommand[]) => Promise<void>
}

export interface TogetherOptions {
  /** One that work wants to know of whether it is taken: asked for all of them at once. */
  clientOrderId?: string
  /** Nobody waits for its answer: under load it goes with the next that somebody waits for. */
  isPatient?: boolean
}

/** More would keep the account locked, and the first of them waiting, for too long. */
const MOST_TOGETHER = 64
/** Whoever was answered just now is waited for no longer than their transaction took, and never longer than this. */
const LONGEST_GATHERING_MS = 10
const PATIENCE_MS = 15

/**
 * Work on one mode's books that shares transactions: one lock and one wait for the disk for all that wait by then. Clients
 * that ask again as soon as they were answered would part into two halves that wait for each other; so the next
 * transaction waits a moment for those who have just got their answers.
 */
export class CommonTransactions {
  readonly #parts: CommonParts
  #waiting: Waiting[] = []
  #isQueued = false
  #last = { answered: 0, endedMs: -Infinity, tookMs: 0 }
  #patience: NodeJS.Timeout | null = null
  #onArrival: () => void = () => {}

  constructor(parts: CommonParts) {
    this.#parts = parts
  }

  /** @returns null where it has to run alone, because another has failed */
  run(work: Work<unknown>, { clientOrderId, isPatient = false }: TogetherOptions): Promise<Done | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, clientOrderId, isPatient, resolve, reject })
      this.#onArrival()
      if (!isPatient || !this.#hasTraffic()) this.start()
      else if (!this.#isQueued) this.#patience ??= setTimeout(() => this.start(), PATIENCE_MS)
    })
  }

  /** Whatever waits is done next. */
  start(): void {
    if (this.#patience !== null) clearTimeout(this.#patience)
    this.#patience = null
    if (this.#isQueued || this.#waiting.length === 0) return
    this.#isQueued = true
    void this.#parts.enqueue(() => this.#runWaiting())
  }

  #hasTraffic(): boolean {
    return performance.now() - this.#last.endedMs < 2 * PATIENCE_MS
  }

  get #eager(): number {
    return this.#waiting.filter(({ isPatient }) => !isPatient).length
  }

  /** Until those are back that were answered last. */
  async #gather(): Promise<void> {
    const { answered, endedMs, tookMs } = this.#last
    const leftMs = endedMs + Math.min(tookMs, LONGEST_GATHERING_MS) - performance.now()
    const isAll = () => this.#eager >= answered || this.#waiting.length >= MOST_TOGETHER
    if (leftMs <= 0 || isAll()) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leftMs)
      this.#onArrival = () => {
        if (!isAll()) return
        clearTimeout(timer)
        resolve()
      }
    })
    this.#onArrival = () => {}
  }

  async #runWaiting(): Promise<void> {
    await this.#gather()
    const members = this.#waiting.splice(0, MOST_TOGETHER)
    this.#isQueued = false
    this.start()
    const startedMs = performance.now()
    await this.#runAll(members)
    const endedMs = performance.now()
    const eager = members.filter(({ isPatient }) => !isPatient).length
    this.#last = { answered: eager + this.#eager, endedMs, tookMs: endedMs - startedMs }
  }

  async #runAll(members: readonly Waiting[]): Promise<void> {
    const changes = new ChangeSet()
    let isCommitting = false
    const onCommit = () => (isCommitting = true)
    try {
      const clientOrderIds = members.flatMap(({ clientOrderId }) => clientOrderId ?? [])
      const results = await this.#parts.transact(inTurn(members, changes), changes, {
        onCommit,
        clientOrderIds,
      })
      this.#parts.onCommitted(changes)
      // Not waited for here: what the broker answers needs the books as well. What one work asked of it goes in its order.
      for (const [index, { result, commands }] of results.entries())
        members[index]?.resolve({ result, told: this.#parts.send(commands) })
    } catch (error) {
      // A commit whose answer is lost may have happened: doing it again could send everything twice.
      const isUndone = !isCommitting && members.length > 1
      for (const { resolve, reject } of members) {
        if (isUndone) resolve(null)
        else reject(error)
      }
    }
  }
}

/** Each on the books as those before it left them. */
function inTurn(members: readonly Waiting[], changes: ChangeSet): Work<WorkResult[]> {
  return async (ctx, trx, used) => {
    const results: WorkResult[] = []
    for (const { work } of members) {
      const before = changes.commands.length
      results.push({ result: await work(ctx, trx, used), commands: changes.commands.slice(before) })
    }
    return results
  }
}
