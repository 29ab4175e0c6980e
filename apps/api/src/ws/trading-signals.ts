import {
  HEARTBEAT_SECONDS,
  rlStreamQuery,
  STREAM_CLOSE_CODES,
  STREAM_PATH,
  type Access,
} from '@quantdeck/contracts'
import { getOutboxRange, listOutboxSince, type SealedMessage } from '@quantdeck/db'
import { AppError, formatInstant, SECOND_MS } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'

import type { Actor } from '../auth/actor.ts'
import type { Caller } from '../auth/caller.ts'
import { authorize } from '../auth/guard.ts'
import type { Deps } from '../deps.ts'
import { isInSight, LITERAL_TOPICS, type LiteralMessage, type Sight } from '../hub/events.ts'
import { findLatestMessage, listLatestSignalMessages } from '../hub/latest.ts'
import { sightOf } from '../hub/sight.ts'
import { HubEvent } from '../hub/signal-hub.ts'
import { addressOf, readCaller } from '../rest/caller.ts'
import type { OriginPolicy } from '../rest/origins.ts'
import type { Channel } from './upgrade.ts'

const ACCESS: Access = { role: 'viewer', scope: 'read', anonymous: 'rl-public' }
const RECHECK_MS = 5 * SECOND_MS
const BATCH = 100
/** Above this only the latest signal of each strategy is kept for the client. */
const CONFLATE_BYTES = 64 * 1024
/** A client that has not taken this much, sent or withheld, is given up. */
const MAX_BACKLOG_BYTES = 1024 * 1024
const DRAIN_CHECK_MS = 100

/** The rl document's stream, to the letter. */
export function tradingSignals(
  deps: Deps,
  origins: OriginPolicy,
  heartbeatMs: number = HEARTBEAT_SECONDS * SECOND_MS,
): Channel {
  const clients = new Set<Client>()
  startSweeps(deps, clients, heartbeatMs)
  return {
    path: STREAM_PATH,
    prepare: (_request, url) => void readStreamQuery(url),
    connect: (socket, request, url) => {
      const caller = callerOf(deps, request, origins)
      const client = new Client({ deps, socket, caller, query: readStreamQuery(url) })
      clients.add(client)
      socket.on('close', () => {
        clients.delete(client)
        client.stop()
      })
      client.start().catch((error: unknown) => client.fail(error))
    },
  }
}

function readStreamQuery(url: URL) {
  const repeated = [...url.searchParams.keys()].some((key, index, all) => all.indexOf(key) !== index)
  const result = rlStreamQuery.safeParse(Object.fromEntries(url.searchParams))
  if (repeated || !result.success) {
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', {
      details: [{ field: String(result.error?.issues[0]?.path[0] ?? ''), message: 'Invalid parameter' }],
    })
  }
  return result.data
}

/** A browser cannot set headers on a WebSocket: there the token is offered as a second protocol, `bearer, <token>`. */
function protocolToken(request: IncomingMessage): string | null {
  const [first, token] = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((part) => part.trim())
  return first === 'bearer' && token !== undefined && token !== '' ? token : null
}

function callerOf(deps: Deps, request: IncomingMessage, origins: OriginPolicy): Caller {
  const ip = addressOf(request, deps.env.trustProxy)
  const about = { requestId: `req-${randomUUID()}`, ip, origins }
  const caller = readCaller(request.headers, about)
  return { ...caller, bearer: caller.bearer ?? protocolToken(request) }
}

function startSweeps(deps: Deps, clients: Set<Client>, heartbeatMs: number): void {
  setInterval(() => {
    for (const client of clients) client.recheck()
  }, RECHECK_MS).unref()
  setInterval(() => {
    const frame = heartbeat(deps)
    for (const client of clients) client.sendFrame(frame)
  }, heartbeatMs).unref()
  deps.auth.onAccessChanged(() => {
    for (const client of clients) client.recheck()
  })
}

function frameOf(message: LiteralMessage): Buffer {
  return Buffer.from(JSON.stringify(message))
}

function heartbeat({ clock, hub }: Deps): Buffer {
  const timestamp = formatInstant(clock.now())
  const data = { server_time: timestamp, connected_clients: hub.connectedClients }
  return frameOf({ type: 'heartbeat', timestamp, data, sequence: hub.lastSequence })
}

interface ClientParts {
  deps: Deps
  socket: WebSocket
  caller: Caller
  query: ReturnType<typeof readStreamQuery>
}

class Client {
  readonly #deps: Deps
  readonly #socket: WebSocket
  #caller: Caller
  readonly #query: ClientParts['query']
  #sight: Sight = new Set()
  /** A ticket is used up only once the socket is open; until then there is nobody to look up. */
  #isKnown = false
  #lastSent = 0
  /** Live events wait here while the past is replayed. */
  #waiting: HubEvent[] | null = []
  /** Latest signal of each strategy for a client that is behind. */
  readonly #conflated = new Map<string, Buffer>()
  #drainTimer: NodeJS.Timeout | null = null
  /** What came while the client was behind, since it last caught up. */
  #withheldBytes = 0
  #unsubscribe: () => void = () => {}
  #disconnect: () => void = () => {}

  constructor({ deps, socket, caller, query }: ClientParts) {
    this.#deps = deps
    this.#socket = socket
    this.#caller = caller
    this.#query = query
  }

  async start(): Promise<void> {
    const { hub } = this.#deps
    this.#socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary))
    const { ticket } = this.#query
    if (ticket !== undefined) this.#caller = await this.#deps.auth.redeemTicket(ticket, this.#caller)
    this.#isKnown = true
    this.#sight = await this.#look()
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#disconnect = hub.connect()
    this.#lastSent = hub.lastSequence
    this.#unsubscribe = hub.subscribe((event) => this.#onEvent(event))
    await this.#sendMarketStatus()
    if (this.#query.snapshot === '1') await this.#sendSnapshot()
    if (this.#query.since !== undefined) await this.#replay(Number(this.#query.since))
    this.#goLive()
  }

  stop(): void {
    this.#unsubscribe()
    this.#disconnect()
    if (this.#drainTimer !== null) clearInterval(this.#drainTimer)
    this.#conflated.clear()
    this.#waiting = null
  }

  fail(error: unknown): void {
    if (error instanceof AppError) {
      const { unauthorized, forbidden } = STREAM_CLOSE_CODES
      this.#socket.close(error.code === 'FORBIDDEN' ? forbidden : unauthorized, error.message.slice(0, 100))
      return
    }
    this.#deps.log.error({ err: error, requestId: this.#caller.requestId }, 'stream failed')
    this.#socket.close(1011)
  }

  /** Tokens end, strategies change hands: the stream follows within seconds. */
  recheck(): void {
    if (!this.#isKnown) return
    this.#look()
      .then((sight) => (this.#sight = sight))
      .catch((error: unknown) => this.fail(error))
  }

  async #look(): Promise<Sight> {
    const actor: Actor = await this.#deps.auth.authenticate(this.#caller, ACCESS)
    authorize(actor, ACCESS)
    return sightOf(this.#deps, actor)
  }

  #onMessage(data: unknown, isBinary: boolean): void {
    if (!isBinary && String(data) === 'ping') this.sendFrame(Buffer.from('pong'))
  }

  #onEvent(event: HubEvent): void {
    if (this.#waiting !== null) this.#waiting.push(event)
    else this.#deliver(event)
  }

  #deliver(event: HubEvent): void {
    const { sequence, key } = event.event
    const { frame } = event
    if (frame === null || sequence <= this.#lastSent || !isInSight(event.event, this.#sight)) return
    this.#lastSent = sequence
    this.sendFrame(frame, key ?? 'market')
  }

  /** With a `key` the frame may give way to a later one of the same key while the client is behind. */
  sendFrame(frame: Buffer, key: string | null = null): void {
    const { bufferedAmount } = this.#socket
    const isBehind = bufferedAmount > CONFLATE_BYTES || this.#conflated.size > 0
    if (isBehind && key !== null) this.#withheldBytes += frame.length
    if (bufferedAmount + this.#withheldBytes > MAX_BACKLOG_BYTES) return this.#giveUp()
    if (key === null || !isBehind) return this.#socket.send(frame, { binary: false })
    this.#conflated.delete(key)
    this.#conflated.set(key, frame)
    this.#drainTimer ??= setInterval(() => this.#drain(), DRAIN_CHECK_MS)
  }

  /** It does not read, so it will not answer a close either. */
  #giveUp(): void {
    this.stop()
    this.#socket.close(STREAM_CLOSE_CODES.tooSlow)
    setTimeout(() => this.#socket.terminate(), SECOND_MS).unref()
  }

  #drain(): void {
    for (const [key, frame] of this.#conflated) {
      if (this.#socket.bufferedAmount > CONFLATE_BYTES) return
      this.#conflated.delete(key)
      this.#socket.send(frame, { binary: false })
    }
    this.#withheldBytes = 0
    if (this.#drainTimer !== null) clearInterval(this.#drainTimer)
    this.#drainTimer = null
  }

  async #sendMarketStatus(): Promise<void> {
    const { hub, clock, db } = this.#deps
    const data = hub.marketStatus() ?? (await findLatestMessage(db.kysely, 'market_status'))?.payload
    if (data === undefined) return
    const timestamp = formatInstant(clock.now())
    this.sendFrame(frameOf({ type: 'market_status', timestamp, data, sequence: hub.lastSequence }))
  }

  async #sendSnapshot(): Promise<void> {
    const latest = await listLatestSignalMessages(this.#deps.db.kysely)
    for (const message of latest) {
      if (isInSight(message, this.#sight)) this.#sendPast(message)
    }
  }

  #sendPast(message: SealedMessage, isAfterGap = false): void {
    const { frame } = new HubEvent(message)
    if (frame === null) return
    if (!isAfterGap) this.sendFrame(frame)
    else
      this.sendFrame(Buffer.from(JSON.stringify({ ...(JSON.parse(frame.toString()) as object), gap: true })))
  }

  async #replay(since: number): Promise<void> {
    const { kysely } = this.#deps.db
    const { oldest, head } = await getOutboxRange(kysely)
    let isAfterGap = oldest !== null && since + 1 < oldest
    let last = since
    while (last < head && this.#socket.readyState === this.#socket.OPEN) {
      const options = { limit: BATCH, topics: LITERAL_TOPICS, pushedOnly: true }
      const batch = await listOutboxSince(kysely, last, options)
      for (const message of batch) {
        last = message.sequence
        if (!isInSight(message, this.#sight)) continue
        this.#sendPast(message, isAfterGap)
        isAfterGap = false
      }
      await this.#caughtUp()
      if (batch.length < BATCH) break
    }
    // A `since` ahead of the stream must not hold back what comes live.
    this.#lastSent = Math.max(this.#lastSent, Math.min(last, head))
  }

  /** A long replay waits for its reader. */
  async #caughtUp(): Promise<void> {
    while (this.#socket.bufferedAmount > CONFLATE_BYTES && this.#socket.readyState === this.#socket.OPEN) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  #goLive(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const event of waiting) this.#deliver(event)
  }
}
