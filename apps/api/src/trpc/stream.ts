import { HEARTBEAT_SECONDS } from '@quantdeck/contracts'
import { getOutboxRange, listOutboxSince } from '@quantdeck/db'
import { AppError, formatInstant, SECOND_MS } from '@quantdeck/domain'
import { tracked, type TRPCSubscriptionProcedure } from '@trpc/server'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'

import {
  isInSight,
  literalMessage,
  LITERAL_TOPICS,
  type LiteralMessage,
  type OutboxEvent,
  type Sight,
} from '../hub/events.ts'
import { sightOf } from '../hub/sight.ts'
import { admit, type Gate } from '../auth/guard.ts'
import type { Deps } from '../deps.ts'
import type { Context } from './context.ts'
import { toTrpcError } from './errors.ts'
import { t, type Meta } from './init.ts'
import { assertSafeJson } from './safe-json.ts'

/** Topics that a page may follow; the literal stream's two are among them. */
export const EVENT_TOPICS = [
  ...LITERAL_TOPICS,
  'orders',
  'positions',
  'alerts',
  'equity',
  'runs',
  'kill_switch',
  'risk',
  'strategies',
  'bars',
] as const

const GATE: Gate = {
  operationId: 'stream',
  access: { role: 'viewer', scope: 'read' },
  rateLimit: 'added-read',
  isRead: true,
}
const BATCH = 500
/** Above this the client is behind: wait, and keep only the latest of each kind and strategy. */
const SLOW_BYTES = 64 * 1024
/** How often a long-lived subscription asks again who it is and what it may see. */
const RECHECK_MS = 5 * SECOND_MS
const HEARTBEAT_MS = HEARTBEAT_SECONDS * SECOND_MS
const MAX_QUEUED = 5_000

const since = z.object({
  /** Resume after this sequence (exclusive). tRPC sends the last id it saw as lastEventId. */
  since: z.int().min(0).optional(),
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})

interface Pulse {
  pulse: number
}

interface Follow {
  ctx: Context
  topics: readonly string[]
  from: number | null
  signal: AbortSignal | undefined
}

function startOf(input: z.output<typeof since>): number | null {
  return input.lastEventId === undefined ? (input.since ?? null) : Number(input.lastEventId)
}

async function enter(ctx: Context): Promise<Sight> {
  const actor = await admit(ctx, GATE, async () => ({}))
  return sightOf(ctx.deps, actor)
}

/** The same without counting: a subscription that goes on is not another request. */
async function recheck(ctx: Context): Promise<Sight> {
  const actor = await ctx.deps.auth.authenticate(ctx.caller, GATE.access)
  return sightOf(ctx.deps, actor)
}

/**
 * Events after a sequence, then live ones, without a gap or a repetition between the two: the live side is buffered
 * while the past is read, and what both have is dropped by its sequence. A pulse comes with the last
 * sequence that was passed on, first of all and then with each heartbeat: resuming from it misses nothing.
 */
async function* follow({ ctx, topics, from, signal }: Follow): AsyncGenerator<OutboxEvent | Pulse> {
  const { deps } = ctx
  let sight = await enter(ctx)
  const queue = new LiveQueue(topics)
  const unsubscribe = deps.hub.subscribe(({ event }) => queue.push(event))
  const disconnect = deps.hub.connect()
  let isStale = false
  const stopWatching = deps.auth.onAccessChanged(() => {
    isStale = true
    queue.wake()
  })
  try {
    let last = from ?? deps.hub.lastSequence
    for await (const event of past(ctx, from, topics)) {
      last = event.sequence
      if (isInSight(event, sight)) yield event
    }
    // Whoever is cut off before anything happened knows where to resume, too.
    if (from === null) yield { pulse: last }
    let checkedAt = deps.clock.nowMs()
    let beatAt = checkedAt
    while (isWanted(signal)) {
      await queue.wait(RECHECK_MS, signal)
      if (isStale || deps.clock.nowMs() - checkedAt >= RECHECK_MS) {
        isStale = false
        sight = await recheck(ctx)
        checkedAt = deps.clock.nowMs()
      }
      await drained(ctx, queue, signal)
      for (const event of queue.take()) {
        if (event.sequence > last && isInSight(event, sight)) yield event
        last = Math.max(last, event.sequence)
      }
      if (deps.clock.nowMs() - beatAt >= HEARTBEAT_MS) {
        beatAt = deps.clock.nowMs()
        yield { pulse: last }
      }
    }
  } finally {
    unsubscribe()
    disconnect()
    stopWatching()
  }
}

async function* past({ deps }: Context, from: number | null, topics: readonly string[]) {
  if (from === null) return
  const { head } = await getOutboxRange(deps.db.kysely)
  let last = from
  while (last < head) {
    const options = { limit: BATCH, topics, pushedOnly: true }
    const batch = await listOutboxSince(deps.db.kysely, last, options)
    yield* batch
    if (batch.length < BATCH) return
    last = batch.at(-1)?.sequence ?? head
  }
}

/** Asked anew each time: the signal changes while its reader waits. */
function isWanted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted !== true
}

/** A client that does not read gets the latest state when it does, not a growing queue. */
async function drained(ctx: Context, queue: LiveQueue, signal: AbortSignal | undefined): Promise<void> {
  while ((ctx.backlogBytes?.() ?? 0) > SLOW_BYTES && isWanted(signal)) {
    queue.conflate()
    await sleep(50)
  }
}

class LiveQueue {
  readonly #topics: ReadonlySet<string>
  #events: OutboxEvent[] = []
  #wake: (() => void) | null = null

  constructor(topics: readonly string[]) {
    this.#topics = new Set(topics)
  }

  push(event: OutboxEvent): void {
    if (!this.#topics.has(event.topic)) return
    this.#events.push(event)
    if (this.#events.length > MAX_QUEUED) this.conflate()
    this.#wake?.()
  }

  /** Ends a wait before anything came. */
  wake(): void {
    this.#wake?.()
  }

  take(): OutboxEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** Keeps the latest event of each topic and key. */
  conflate(): void {
    const latest = new Map<string, OutboxEvent>()
    for (const event of this.#events) {
      const key = `${event.topic}|${event.key}`
      latest.delete(key)
      latest.set(key, event)
    }
    this.#events = [...latest.values()]
  }

  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#events.length > 0 || signal?.aborted === true) return
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        this.#wake = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done)
      this.#wake = done
    })
  }
}

/** Errors of a subscription in the vocabulary of all other procedures. */
async function* speaking<T>(events: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* events
  } catch (error) {
    throw error instanceof AppError ? toTrpcError(error) : error
  }
}

export interface StreamEvent {
  sequence: number
  topic: string
  key: string | null
  at: string
  payload: unknown
}

/** tRPC's own name for this is not exported; with it the router's type could not be written down. */
export interface Tracked<T> {
  id: string
  data: T
}
type Subscription<Input, T> = TRPCSubscriptionProcedure<{
  input: Input
  output: AsyncIterable<Tracked<T>, void, unknown>
  meta: Meta
}>

const eventsInput = since.extend({ topics: z.array(z.enum(EVENT_TOPICS)).min(1).max(16) })

/** The literal stream's pulse: without it a page cannot tell a quiet market from a dead connection. */
function heartbeat({ clock, hub }: Deps, sequence: number): LiteralMessage {
  const timestamp = formatInstant(clock.now())
  const data = { server_time: timestamp, connected_clients: hub.connectedClients }
  return { type: 'heartbeat', timestamp, data, sequence }
}

/** What every other procedure's guard does before it looks at the input; here the guard comes with the stream. */
const procedure = t.procedure.use(async ({ getRawInput, next }) => {
  try {
    assertSafeJson(await getRawInput())
  } catch (error) {
    throw error instanceof AppError ? toTrpcError(error) : error
  }
  return next()
})

/** The messages of the literal /ws/trading-signals, its heartbeats included. */
const signals: Subscription<z.input<typeof since> | void | undefined, LiteralMessage> = procedure
  .input(since.optional())
  .subscription(async function* ({ ctx, input, signal }) {
    const from = input === undefined ? null : startOf(input)
    for await (const event of speaking(follow({ ctx, topics: LITERAL_TOPICS, from, signal }))) {
      const message = 'pulse' in event ? heartbeat(ctx.deps, event.pulse) : literalMessage(event)
      if (message !== null) yield tracked(String(message.sequence), message)
    }
  })

/** Any topic: orders, positions, alerts, equity, runs, kill switch. */
const events: Subscription<z.input<typeof eventsInput>, StreamEvent> = procedure
  .input(eventsInput)
  .subscription(async function* ({ ctx, input, signal }) {
    const { topics } = input
    for await (const event of speaking(follow({ ctx, topics, from: startOf(input), signal }))) {
      if ('pulse' in event) continue
      const { sequence, topic, key, payload } = event
      const message: StreamEvent = { sequence, topic, key, at: event.createdAt.toISOString(), payload }
      yield tracked(String(sequence), message)
    }
  })

/** Live data for pages. Ids are sequences: a client that comes back resumes where it was. */
export const streamRouter = t.router({ signals, events })
