import { literalMessage, type OutboxEvent } from './events.ts'

/** An event with its literal message serialised once, shared by every subscriber. */
export class HubEvent {
  readonly event: OutboxEvent
  #frame: Buffer | null | undefined

  constructor(event: OutboxEvent) {
    this.event = event
  }

  /** The bytes of the literal stream's message; null if this topic is not part of it. */
  get frame(): Buffer | null {
    if (this.#frame === undefined) {
      const message = literalMessage(this.event)
      this.#frame = message === null ? null : Buffer.from(JSON.stringify(message))
    }
    return this.#frame
  }
}

export type HubListener = (event: HubEvent) => void

/** `market_status` data as the rl document has it. */
export interface MarketStatusData {
  status: 'open' | 'closed' | 'pre_market'
  next_open?: string
  next_close?: string
}

/**
 * Where sealed outbox rows meet subscribers. It neither reads the database nor knows a transport: the feed pushes
 * rows in, the adapters (literal WebSocket, tRPC) take them out and decide what their client may see.
 */
export class SignalHub {
  readonly #listeners = new Set<HubListener>()
  #lastSequence = 0
  #connectedClients = 0
  #marketStatus: (() => MarketStatusData | null) | null = null

  get lastSequence(): number {
    return this.#lastSequence
  }

  get connectedClients(): number {
    return this.#connectedClients
  }

  /** Where the stream stands when this process starts. */
  startAt(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence)
  }

  publish(event: OutboxEvent): void {
    if (event.sequence <= this.#lastSequence) return
    this.#lastSequence = event.sequence
    const shared = new HubEvent(event)
    for (const listener of this.#listeners) listener(shared)
  }

  subscribe(listener: HubListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Counts a client of the streams, for the heartbeat's `connected_clients`. Returns how to count it out. */
  connect(): () => void {
    this.#connectedClients += 1
    let isConnected = true
    return () => {
      if (isConnected) this.#connectedClients -= 1
      isConnected = false
    }
  }

  /** The market's owner says how to ask for the current status of PRIMARY_SYMBOL. */
  provideMarketStatus(source: () => MarketStatusData | null): void {
    this.#marketStatus = source
  }

  marketStatus(): MarketStatusData | null {
    return this.#marketStatus?.() ?? null
  }
}
