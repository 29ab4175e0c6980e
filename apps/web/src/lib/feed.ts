import { useSyncExternalStore } from 'react'
import { learnServerTime, serverNow } from './now.ts'
import type { StreamMessage } from './stream-message.ts'

export const STALE_AFTER_MS = 45_000
export const LOST_AFTER_MS = 75_000
/** Rows of the stream log kept in memory. */
const LOG_SIZE = 5_000

export type LogEntry = { kind: 'message'; key: string; at: number; message: StreamMessage } | Reconnection

/** Where the stream was cut, and how many messages from before its return arrived afterwards. */
interface Reconnection {
  kind: 'reconnected'
  key: string
  at: number
  /** The same moment by the server's clock, which the messages carry. */
  serverAt: number
  recovered: number
}

export interface FeedState {
  connected: boolean
  /** Browser time of the last stream message. */
  lastMessageAt: number | null
  /** Browser time of the last answer of any query: what is left when the stream is down. */
  lastAnswerAt: number | null
  /** Browser time of the first unanswered call since then. */
  failingSince: number | null
  clients: number | null
  log: readonly LogEntry[]
}

let state: FeedState = {
  connected: false,
  lastMessageAt: null,
  lastAnswerAt: null,
  failingSince: null,
  clients: null,
  log: [],
}
let counter = 0
const listeners = new Set<() => void>()

function update(change: Partial<FeedState>): void {
  state = { ...state, ...change }
  for (const listener of listeners) listener()
}

function append(entry: LogEntry, log: readonly LogEntry[] = state.log): readonly LogEntry[] {
  return [entry, ...log].slice(0, LOG_SIZE)
}

function nextKey(): string {
  counter += 1
  return `entry-${counter}`
}

export function receiveMessage(message: StreamMessage): void {
  const at = Date.now()
  const change: Partial<FeedState> = { connected: true, lastMessageAt: at }
  if (message.type === 'heartbeat') {
    learnServerTime(message.data.server_time)
    change.clients = message.data.connected_clients
  }
  change.log = append({ kind: 'message', key: nextKey(), at, message }, countRecovered(message))
  update(change)
}

/** A message from before the connection's return fills the gap: its divider counts it. */
function countRecovered(message: StreamMessage): readonly LogEntry[] {
  if (message.type === 'heartbeat') return state.log
  const index = state.log.findIndex((entry) => entry.kind === 'reconnected')
  const entry = state.log[index]
  if (entry?.kind !== 'reconnected' || Date.parse(message.timestamp) > entry.serverAt) return state.log
  return state.log.with(index, { ...entry, recovered: entry.recovered + 1 })
}

/** Any other event of the stream: it proves the connection without being a line of the log. */
export function noteEvent(): void {
  update({ connected: true, lastMessageAt: Date.now() })
}

export function noteConnection(connected: boolean): void {
  if (connected === state.connected) return
  const returned = connected && state.lastMessageAt !== null
  update({
    connected,
    // A connection that was just made is as fresh as a message.
    ...(connected ? { lastMessageAt: Date.now() } : {}),
    ...(returned ? { log: append(reconnection()) } : {}),
  })
}

function reconnection(): Reconnection {
  return { kind: 'reconnected', key: nextKey(), at: Date.now(), serverAt: serverNow(), recovered: 0 }
}

export function noteAnswer(): void {
  // Every query passes here; once a second is enough to tell an age.
  const now = Date.now()
  if (state.failingSince === null && now - (state.lastAnswerAt ?? 0) < 1_000) return
  update({ lastAnswerAt: now, failingSince: null })
}

export function noteFailure(): void {
  if (state.failingSince === null) update({ failingSince: Date.now() })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function getFeed(): FeedState {
  return state
}

export function useFeed(): FeedState {
  return useSyncExternalStore(subscribe, getFeed)
}

export type FeedMood = 'connecting' | 'live' | 'reconnecting' | 'stale' | 'polling' | 'offline'

/** Freshness, not connectedness: a socket without messages is not alive. */
export function feedMood(feed: FeedState, now: number): { mood: FeedMood; ageMs: number } {
  if (feed.failingSince !== null) return { mood: 'offline', ageMs: now - feed.failingSince }
  const messageAge = feed.lastMessageAt === null ? Infinity : now - feed.lastMessageAt
  // A connection that broke is said at once; until it is back the last message only grows older.
  if (!feed.connected && messageAge < LOST_AFTER_MS) return { mood: 'reconnecting', ageMs: messageAge }
  if (messageAge < STALE_AFTER_MS) return { mood: 'live', ageMs: messageAge }
  if (messageAge < LOST_AFTER_MS) return { mood: 'stale', ageMs: messageAge }
  if (feed.lastAnswerAt !== null) return { mood: 'polling', ageMs: now - feed.lastAnswerAt }
  return { mood: 'connecting', ageMs: 0 }
}

/** True while calls fail for want of a connection: buttons that change something are off. */
export function useOffline(): boolean {
  return useFeed().failingSince !== null
}
