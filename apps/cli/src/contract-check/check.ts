import type { Target } from './target.ts'

/** Which document a check reads: the stream belongs to the rl document. */
export const FAMILIES = ['v1', 'rl', 'stream'] as const
export type Family = (typeof FAMILIES)[number]

/** `login`: needs email and password. `writes`: changes something on the server. `time`: takes half a minute. */
export type Need = 'login' | 'writes' | 'time'

/** One line of the report. */
export interface Check {
  /** Stable: others may name it. Dotted, starts with the family. */
  readonly id: string
  readonly family: Family
  /** What must hold, as a sentence. */
  readonly title: string
  readonly needs?: readonly Need[]
  /** @throws {CheckFailure} or {CheckSkip}; returns when the check holds */
  readonly run: (target: Target) => Promise<void>
}

export type CheckResult =
  | { readonly id: string; readonly title: string; readonly status: 'ok' }
  | { readonly id: string; readonly title: string; readonly status: 'skipped'; readonly reason: string }
  | {
      readonly id: string
      readonly title: string
      readonly status: 'failed'
      readonly expected: string
      readonly seen: string
    }

/** The server does not do what its document says. */
export class CheckFailure extends Error {
  readonly expected: string
  readonly seen: string

  constructor(expected: string, seen: string) {
    super(`expected ${expected}, saw ${seen}`)
    this.expected = expected
    this.seen = seen
  }
}

/** The check says nothing here, and why. */
export class CheckSkip extends Error {}

/** A value as a report shows it: JSON, shortened. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 197)}...` : text
}

/** @throws {CheckFailure} unless `holds` */
export function must(holds: boolean, expected: string, seen: string): asserts holds {
  if (!holds) throw new CheckFailure(expected, seen)
}
