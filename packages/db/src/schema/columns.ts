import type { ColumnType } from 'kysely'

/** numeric: read as a decimal string, never through a double. */
export type Numeric = ColumnType<string, string, string>
/** jsonb: read parsed; written as JSON text, since pg would turn a plain array into an array literal. */
export type Json = ColumnType<unknown, string, string>
/** date: `2026-01-07`. */
export type Day = string
export type NumericWithDefault = ColumnType<string, string | undefined, string>
export type JsonWithDefault = ColumnType<unknown, string | undefined, string>
