import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { Client } from 'pg'

/** Statements with values that are told apart by their text; others are sent without a name. */
const MOST_NAMES = 500
const NAMED = /^(\/\* last \*\/)?\s*(select|insert|update|delete|with)\b/i

/** Names of statements, made once per text for all connections. */
const names = new Map<string, string>()

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_NAMES || !NAMED.test(text)) return known
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 32)
  names.set(text, name)
  return name
}

/** In front of the last statement of a transaction: its commit goes with it, and is not a round trip of its own. */
export const LAST_STATEMENT = '/* last */ '

type Send = (...args: unknown[]) => Promise<unknown>

/**
 * A connection that prepares each statement once under a name: Postgres then neither parses nor plans it again, which is
 * 40 to 70 % of the time of the short statements that we send. Their texts are few: lists travel as arrays.
 *
 * It needs `pipeline: true`. A `begin` is not waited for: it goes with the first statement of its transaction, and where
 * it fails that fails as well. A `commit` behind a statement that was marked as the last has gone with it already.
 */
export class NamedClient extends Client {
  #commit: Promise<unknown> | null = null

  override query = ((text: unknown, values?: unknown, ...rest: unknown[]) => {
    const send = super.query.bind(this) as Send
    if (text === 'begin') return this.#begin(send)
    if (text === 'commit' && this.#commit !== null) return this.#takeCommit()
    if (text === 'rollback') this.#commit = null
    if (this.#commit !== null) throw new Error('nothing may follow the last statement of a transaction')
    const name = typeof text === 'string' && Array.isArray(values) ? nameOf(text) : undefined
    if (name === undefined) return send(text, values, ...rest)
    return isLast(text) ? this.#sendLast(send, { name, text, values }) : send({ name, text, values }, ...rest)
  }) as Client['query']

  #begin(send: Send): Promise<unknown> {
    this.#hold()
    send('begin').catch(() => {})
    return Promise.resolve({ command: 'BEGIN', rowCount: null, rows: [] })
  }

  #sendLast(send: Send, statement: object): Promise<unknown> {
    this.#hold()
    const result = send(statement)
    this.#commit = send('commit')
    // Who waits for it asks later, or not at all where the statement failed.
    this.#commit.catch(() => {})
    return result
  }

  #takeCommit(): Promise<unknown> | null {
    const commit = this.#commit
    this.#commit = null
    return commit
  }

  /** What is sent in this turn goes in one packet. */
  #hold(): void {
    const { stream } = (this as unknown as { connection: { stream: Duplex } }).connection
    stream.cork()
    process.nextTick(() => stream.uncork())
  }
}

function isLast(text: unknown): text is string {
  return typeof text === 'string' && text.startsWith(LAST_STATEMENT)
}
