import type { Exchange, Request } from '../answer.ts'
import type { Row } from '../state.ts'

/** One thing that a server does otherwise than its documents say. */
export interface Deviation {
  readonly name: string
  /** The check that must fail. */
  readonly caughtBy: string
  readonly before?: (request: Request) => void
  readonly after?: (exchange: Exchange) => void
  readonly streamQuery?: (query: URLSearchParams) => void
  readonly greeting?: (messages: Row[]) => Row[]
  /** Null: the message is not sent. */
  readonly message?: (message: Row) => Row | null
  readonly pong?: string
  readonly refusal?: (refusal: { status: number; error: string }) => { status: number; error: string }
  readonly refusalBody?: unknown
}

export type After = (exchange: Exchange) => void

/** Bends the answers of one operation that succeeded. */
export function answerOf(operation: string, bend: After): After {
  return (exchange) => {
    if (exchange.operation === operation && exchange.status < 300) bend(exchange)
  }
}

/** Bends every answer of one status. */
export function statusIs(status: number, bend: After): After {
  return (exchange) => {
    if (exchange.status === status) bend(exchange)
  }
}

export function rename(row: Row, from: string, to: string): void {
  row[to] = row[from]
  delete row[from]
}

export function ignore(path: string, ...parameters: string[]): (request: Request) => void {
  return ({ path: asked, query }) => {
    if (asked === path) for (const name of parameters) query.delete(name)
  }
}

export function negated(text: string): string {
  return text.replace(/^-/, '')
}
