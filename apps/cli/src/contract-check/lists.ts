import { addedFieldsOf, type Endpoint, v1 } from '@quantdeck/contracts'
import * as z from 'zod'
import { CheckFailure, CheckSkip } from './check.ts'
import { expectAnswer } from './expect.ts'
import type { Target } from './target.ts'

export type Row = Readonly<Record<string, unknown>>
export interface ListAnswer {
  readonly data: readonly Row[]
  readonly meta: Readonly<Record<string, unknown>> & { readonly total_count: number }
}

/** A list of the v1 document. */
export interface ListSpec {
  readonly name: string
  readonly endpoint: Endpoint
  readonly idField: string
  /** What it is sorted by, recent first; null: the document does not say. */
  readonly timeField: string | null
  readonly isPaged: boolean
}

export const STRATEGIES: ListSpec = {
  name: 'strategies',
  endpoint: v1.strategies.list,
  idField: 'strategy_id',
  timeField: null,
  isPaged: false,
}
export const POSITIONS: ListSpec = {
  name: 'positions',
  endpoint: v1.positions.list,
  idField: 'position_id',
  timeField: 'opened_at',
  isPaged: true,
}
export const ORDERS: ListSpec = {
  name: 'orders',
  endpoint: v1.orders.list,
  idField: 'order_id',
  timeField: 'submitted_at',
  isPaged: true,
}
export const RUNS: ListSpec = {
  name: 'runs',
  endpoint: v1.runs.list,
  idField: 'run_id',
  timeField: 'created_at',
  isPaged: true,
}
export const ALERTS: ListSpec = {
  name: 'alerts',
  endpoint: v1.alerts.list,
  idField: 'alert_id',
  timeField: 'created_at',
  isPaged: true,
}
export const LISTS = [STRATEGIES, POSITIONS, ORDERS, RUNS, ALERTS] as const

export type Query = Readonly<Record<string, string | number>>

/** `/v1/orders?status=FILLED&per_page=100`. */
export function pathOf(endpoint: Endpoint, query: Query = {}): string {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  ).toString()
  return endpoint.meta.path + (text === '' ? '' : `?${text}`)
}

/** Asked anew. @throws {CheckFailure} unless it answers as documented */
export async function readList(
  target: Target,
  { endpoint }: ListSpec,
  query: Query = {},
): Promise<ListAnswer> {
  return expectAnswer(await target.call('GET', pathOf(endpoint, query)), endpoint) as ListAnswer
}

/** The first hundred rows, asked once: what checks choose their examples from. */
export async function sample(target: Target, { endpoint, isPaged }: ListSpec): Promise<ListAnswer> {
  const path = pathOf(endpoint, isPaged ? { per_page: 100 } : {})
  return expectAnswer(await target.get(path), endpoint) as ListAnswer
}

/** @throws {CheckSkip} when the list is empty */
export async function firstId(
  target: Target,
  list: ListSpec,
  wanted?: (row: Row) => boolean,
): Promise<string> {
  const { data } = await sample(target, list)
  const row = (wanted === undefined ? undefined : data.find(wanted)) ?? data[0]
  if (row === undefined) throw new CheckSkip(`the server has no ${list.name}`)
  return String(row[list.idField])
}

export function idsOf(rows: readonly Row[], { idField }: ListSpec): string[] {
  return rows.map((row) => String(row[idField]))
}

/** A field that the list's shape has as a text; empty where it is absent. */
export function textOf(row: Row | undefined, field: string): string {
  const value = row?.[field]
  return typeof value === 'string' ? value : ''
}

/** A text of the row's time as milliseconds. */
export function timeOf(row: Row, { timeField }: ListSpec): number {
  const ms = Date.parse(String(row[timeField ?? '']))
  if (Number.isNaN(ms)) throw new CheckFailure(`${timeField} as an instant`, String(row[timeField ?? '']))
  return ms
}

export interface Parameter {
  readonly name: string
  /** Allowed values of an enum; null for free text. */
  readonly values: readonly string[] | null
}

/** The document's filters of a list, read from its contract: enums, flags and free text, without pages and dates. */
export function filtersOf({ input }: Endpoint): Parameter[] {
  const notFilters = new Set(['page', 'per_page', 'from_date', 'to_date', 'period', ...addedFieldsOf(input)])
  return Object.entries(input.shape)
    .filter(([name]) => !notFilters.has(name))
    .map(([name, schema]) => ({ name, values: valuesOf(schema as z.ZodType) }))
}

/** The values of an enum or flag below `optional` and `default`; null when it is neither. */
export function valuesOf(schema: z.ZodType): readonly string[] | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return valuesOf(schema.unwrap() as z.ZodType)
  }
  if (schema instanceof z.ZodBoolean) return ['true', 'false']
  return schema instanceof z.ZodEnum ? schema.options.map(String) : null
}

export function hasDates({ input }: Endpoint): boolean {
  return 'from_date' in input.shape
}
