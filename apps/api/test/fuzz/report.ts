import type { Stall } from './stall-watch.ts'
import type { Door } from './targets.ts'

export type Kind = 'malformed' | 'valid'

interface Row {
  sent: Record<`${Kind} ${Door}`, number>
  statuses: Record<Kind, Map<number, number>>
  seconds: number
  stall: Stall
}

const NO_STALL: Stall = { ms: 0, wallMs: 0, after: [] }
const KINDS: readonly Kind[] = ['malformed', 'valid']

/** What was sent and what came back, for the lines at the end. */
export class Report {
  readonly #rows = new Map<string, Row>()
  readonly #startedAt = performance.now()

  count(id: string, kind: Kind, door: Door, status: number): void {
    const row = this.#row(id)
    row.sent[`${kind} ${door}`] += 1
    const statuses = row.statuses[kind]
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }

  finish(id: string, seconds: number, stall: Stall): void {
    const row = this.#row(id)
    row.seconds += seconds
    if (stall.ms > row.stall.ms) row.stall = stall
  }

  /** Whether a valid request of the operation was ever successful: else only its refusals were tried. */
  hasSucceeded(id: string): boolean {
    return [...this.#row(id).statuses.valid.keys()].some((status) => status < 300)
  }

  get worst(): { id: string; stall: Stall } {
    const rows = [...this.#rows].map(([id, { stall }]) => ({ id, stall }))
    return rows.reduce((a, b) => (b.stall.ms > a.stall.ms ? b : a), { id: 'none', stall: NO_STALL })
  }

  /** A line per operation, then the sums. */
  lines(): string[] {
    const rows = [...this.#rows.keys()].map((id) => this.line(id))
    const head = `${'operation'.padEnd(24)} ${'malformed'.padEnd(12)}${'valid'.padEnd(12)} (REST + tRPC), time, longest stall, statuses`
    return [head, ...rows, ...this.#sums()]
  }

  line(id: string): string {
    const row = this.#row(id)
    const { sent, seconds, stall } = row
    const counts = KINDS.map((kind) => `${sent[`${kind} rest`]}+${sent[`${kind} trpc`]}`.padEnd(12)).join('')
    const statuses = KINDS.map((kind) => shownStatuses([row], kind)).join(' | ')
    const time = `${seconds.toFixed(1).padStart(6)} s ${stall.ms.toFixed(0).padStart(4)} ms`
    return `${id.padEnd(24)} ${counts} ${time}  ${statuses}`
  }

  #sums(): string[] {
    const rows = [...this.#rows.values()]
    const sum = (kind: Kind, door: Door) =>
      rows.reduce((total, { sent }) => total + sent[`${kind} ${door}`], 0)
    const seconds = (performance.now() - this.#startedAt) / 1000
    const total = KINDS.flatMap((kind) => [sum(kind, 'rest'), sum(kind, 'trpc')]).reduce((a, b) => a + b, 0)
    const { id, stall } = this.worst
    return [
      `${rows.length} operations, ${total} requests in ${seconds.toFixed(0)} s (${(total / seconds).toFixed(0)} a second)`,
      ...KINDS.map(
        (kind) =>
          `${kind}: ${sum(kind, 'rest')} REST + ${sum(kind, 'trpc')} tRPC; ${shownStatuses(rows, kind)}`,
      ),
      `longest stall of the server's loop: ${stall.ms.toFixed(0)} ms of its own (${stall.wallMs.toFixed(0)} ms by the clock) in ${id}`,
    ]
  }

  #row(id: string): Row {
    const known = this.#rows.get(id)
    if (known !== undefined) return known
    const row: Row = {
      sent: { 'malformed rest': 0, 'malformed trpc': 0, 'valid rest': 0, 'valid trpc': 0 },
      statuses: { malformed: new Map(), valid: new Map() },
      seconds: 0,
      stall: NO_STALL,
    }
    this.#rows.set(id, row)
    return row
  }
}

function shownStatuses(rows: readonly Row[], kind: Kind): string {
  const total = new Map<number, number>()
  for (const { statuses } of rows) {
    for (const [status, count] of statuses[kind]) total.set(status, (total.get(status) ?? 0) + count)
  }
  return [...total]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ')
}
