import { toDecimal, type Decimal } from '@quantdeck/domain'
import { sql, type RawBuilder } from 'kysely'

export function decimalOrNull(text: string | null): Decimal | null {
  return text === null ? null : toDecimal(text)
}

export function textOrNull(value: Decimal | null): string | null {
  return value === null ? null : value.toFixed()
}

/** JSON text for a jsonb column. pg would write a plain array as an array literal. */
export function json(value: unknown): string {
  return JSON.stringify(value)
}

export function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value)
}

/** `= any(...)`: unlike `in (...)` it takes an empty list, and is one statement text whatever the length. */
export function isAnyOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} = any(${[...values]}::text[])`
}

/** A uuid column against text from a client: text that is no uuid matches nothing instead of failing. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

/** Both ends inclusive; columns keep milliseconds. */
export interface InstantRange {
  from?: Date | null
  to?: Date | null
}

/** What the reader may see. */
export type VisibleStrategies = readonly string[] | 'all'

/** The condition that a row is of a strategy in sight; none for `all`. */
export function visibleOnly(visible: VisibleStrategies): RawBuilder<boolean>[] {
  return visible === 'all' ? [] : [isAnyOf('strategyId', visible)]
}

/** A condition for a filter that was given, none for one that was not: `[...given(mode, (m) => eb('mode', '=', m))]`. */
export function given<T, C>(value: T | null | undefined, condition: (value: T) => C): C[] {
  return value === null || value === undefined ? [] : [condition(value)]
}
