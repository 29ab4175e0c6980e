import { SECOND_MS } from '@quantdeck/domain'
import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { createClient } from 'redis'

import {
  describeWindow,
  type Slot,
  type WindowSpec,
  type WindowState,
  type WindowStore,
} from './sliding-window.ts'

/** A limit must not make requests slow: whoever waits longer for Redis is counted in this process instead. */
const ANSWER_MS = 250
/** After a failure Redis is left alone for this long. */
const PAUSE_MS = SECOND_MS
const MAX_QUEUED = 10_000

/**
 * The same arithmetic as MemoryWindows, in one atomic step, by Redis's own clock: instances whose clocks differ agree.
 * Answers allowed, now, then slot and count of everything within the window.
 */
const TAKE = `
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local limit, cost = tonumber(ARGV[2]), tonumber(ARGV[3])
local window, slot_ms = tonumber(ARGV[4]), tonumber(ARGV[5])
local current = math.floor(now / slot_ms)
local fields = redis.call('HGETALL', KEYS[1])
local kept, total = {}, 0
for i = 1, #fields, 2 do
  local slot, count = tonumber(fields[i]), tonumber(fields[i + 1])
  if (slot + 1) * slot_ms + window <= now then
    redis.call('HDEL', KEYS[1], fields[i])
  else
    total = total + count
    if slot ~= current then kept[#kept + 1] = { slot, count } end
  end
end
local own = tonumber(redis.call('HGET', KEYS[1], string.format('%d', current)) or '0')
local allowed = total + cost <= limit
if allowed then
  own = redis.call('HINCRBY', KEYS[1], string.format('%d', current), cost)
  redis.call('PEXPIRE', KEYS[1], window + slot_ms)
end
if own > 0 then kept[#kept + 1] = { current, own } end
local answer = { allowed and 1 or 0, now }
for _, pair in ipairs(kept) do
  answer[#answer + 1] = pair[1]
  answer[#answer + 1] = pair[2]
end
return answer`
const TAKE_SHA = createHash('sha1').update(TAKE).digest('hex')

export interface RedisWindowsParts {
  readonly url: string
  readonly log: Logger
  /** Counts while Redis does not answer. */
  readonly fallback: WindowStore
  /** Instead of Redis's clock, for tests on virtual time. */
  readonly nowMs?: () => number
}

/** Counts in Redis, shared by all instances; in this process while Redis is away, and says so once. */
export class RedisWindows implements WindowStore {
  readonly #parts: RedisWindowsParts
  readonly #client
  #isDown = false
  #pausedUntilMs = 0

  constructor(parts: RedisWindowsParts) {
    this.#parts = parts
    this.#client = createClient({
      url: parts.url,
      keyPrefix: 'quantdeck:',
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_QUEUED,
      maintNotifications: 'disabled',
      socket: {
        connectTimeout: 2 * SECOND_MS,
        reconnectStrategy: (retries) => Math.min(100 * 2 ** Math.min(retries, 6), 5 * SECOND_MS),
      },
    })
    this.#client.on('error', (error: unknown) => this.#fail(error))
  }

  /** Waits for the connection, but not long: without it limits are counted here, and it goes on trying. */
  async start(): Promise<void> {
    const connecting = this.#client.connect().catch((error: unknown) => this.#fail(error))
    await withTimeout(connecting, 2 * SECOND_MS).catch((error: unknown) => this.#fail(error))
  }

  async take(key: string, spec: WindowSpec): Promise<WindowState> {
    const answer = await this.#ask(async () => this.#take(key, spec))
    return answer ?? this.#parts.fallback.take(key, spec)
  }

  async forget(key: string): Promise<void> {
    await this.#ask(async () => this.#client.del(windowKey(key)))
    await this.#parts.fallback.forget(key)
  }

  /** @throws Error when Redis does not answer */
  async ping(): Promise<void> {
    await withTimeout(this.#client.ping(), SECOND_MS)
  }

  close(): void {
    this.#client.destroy()
  }

  async #take(key: string, spec: WindowSpec): Promise<WindowState> {
    const { limit, cost, windowMs, slotMs } = spec
    const values = [this.#parts.nowMs?.() ?? -1, limit, cost, windowMs, slotMs].map(String)
    const call = { keys: [windowKey(key)], arguments: values }
    const [allowed = 0, now = 0, ...pairs] = numbers(await this.#evaluate(call))
    const slots: Slot[] = []
    for (let i = 0; i < pairs.length; i += 2) slots.push({ slot: pairs[i] ?? 0, count: pairs[i + 1] ?? 0 })
    slots.sort((a, b) => a.slot - b.slot)
    return describeWindow(slots, spec, { allowed: allowed === 1, now })
  }

  /** By its hash; the text only for a Redis that has not seen it, or has forgotten it. */
  async #evaluate(call: { keys: string[]; arguments: string[] }): Promise<unknown> {
    try {
      return await this.#client.evalSha(TAKE_SHA, call)
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return this.#client.eval(TAKE, call)
      throw error
    }
  }

  /** Redis's answer, or null if it does not give one in time. */
  async #ask<T>(work: () => Promise<T>): Promise<T | null> {
    const now = performance.now()
    if (now < this.#pausedUntilMs || !this.#client.isReady) return null
    try {
      const answer = await withTimeout(work(), ANSWER_MS)
      this.#recover()
      return answer
    } catch (error) {
      this.#pausedUntilMs = performance.now() + PAUSE_MS
      this.#fail(error)
      return null
    }
  }

  /** One line when it goes and one when it comes back, not one per request. */
  #fail(error: unknown): void {
    if (this.#isDown) return
    this.#isDown = true
    this.#parts.log.warn(
      { err: error },
      'Redis does not answer: limits are counted in this process until it does',
    )
  }

  #recover(): void {
    if (!this.#isDown) return
    this.#isDown = false
    this.#parts.log.info('Redis answers again: limits are shared')
  }
}

function windowKey(key: string): string {
  return `window:${key}`
}

function numbers(answer: unknown): number[] {
  if (!Array.isArray(answer)) throw new Error('an unexpected answer of Redis')
  return answer.map(Number)
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    // Whoever was not waited for must not end the process.
    work.catch(() => {})
  }
}
