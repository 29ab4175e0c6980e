import type { PGlite } from '@electric-sql/pglite'

/** What a look at a session or a key changes without anybody asking for a change, and what the sealer adds later. */
const VOLATILE = [
  ...['last_seen_at', 'last_used_at', 'sealed_at', 'sealed_seq', 'sequence', 'prev_hash', 'hash'],
  // Webhooks are called in the background: no request asks for a try.
  ...['dispatched_at', 'resolved_at', 'attempts', 'next_attempt_at', 'lease_id', 'leased_until'],
  ...['last_status', 'last_error'],
]
const VOLATILE_TABLES = ['sealer_heads', 'webhook_attempts']

interface Sum {
  name: string
  sum: string
}

/** The content of every table, one line each: equal digests mean that nothing was changed. */
export class Digest {
  readonly #pglite: PGlite
  readonly #known = new Map<string, { versions: string; content: string }>()

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  /** The rows of a table are only read where the versions of its rows have changed. */
  async take(): Promise<Record<string, string>> {
    const versions = await this.#sums(
      await this.#tables(),
      'hashtextextended(t.ctid::text || t.xmin::text, 0)',
    )
    const changed = versions.filter(({ name, sum }) => this.#known.get(name)?.versions !== sum)
    const strip = VOLATILE.map((column) => `- '${column}'`).join(' ')
    const names = changed.map(({ name }) => name)
    const contents = await this.#sums(names, `hashtextextended((to_jsonb(t) ${strip})::text, 0)`)
    for (const [index, { name, sum }] of changed.entries()) {
      this.#known.set(name, { versions: sum, content: contents[index]?.sum ?? '' })
    }
    return Object.fromEntries([...this.#known].map(([name, { content }]) => [name, content]))
  }

  async #tables(): Promise<string[]> {
    const { rows } = await this.#pglite.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'
        and not tablename = any($1) order by 1`,
      [VOLATILE_TABLES],
    )
    return rows.map(({ name }) => name)
  }

  async #sums(names: readonly string[], hash: string): Promise<Sum[]> {
    if (names.length === 0) return []
    const query = names.map(
      (name) =>
        `select '${name}' as name, count(*) || ':' || coalesce(sum(${hash}), 0) as sum from "${name}" t`,
    )
    const { rows } = await this.#pglite.query<Sum>(`${query.join(' union all ')} order by 1`)
    return rows
  }
}
