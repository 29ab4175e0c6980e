import type { Config } from '../strategies/config-draft.ts'

/** What POST /v1/runs takes, as typed by a person; what is empty takes its default. */
export interface RunForm {
  strategy_id: string
  start_date: string
  end_date: string
  initial_capital: string
  /** Basis points. */
  fees: string
  slippage: string
  seed: string
  /** What differs from the strategy's own configuration. */
  parameters: Config
}

export type RunProblem = 'errStrategy' | 'errDate' | 'errOrder' | 'errCapital' | 'errBasisPoints' | 'errSeed'
export type RunProblems = Partial<Record<keyof RunForm, RunProblem>>

const DAY = /^\d{4}-\d{2}-\d{2}$/
const AMOUNT = /^\d{1,12}(\.\d{1,2})?$/
const BASIS_POINTS = /^\d{1,4}(\.\d{1,4})?$/
const DAY_MS = 86_400_000

/** What is wrong with each field; empty when the run may start. */
export function validateRun(form: RunForm): RunProblems {
  const problems: RunProblems = {}
  if (form.strategy_id === '') problems.strategy_id = 'errStrategy'
  if (!DAY.test(form.start_date)) problems.start_date = 'errDate'
  if (!DAY.test(form.end_date)) problems.end_date = 'errDate'
  else if (form.end_date <= form.start_date) problems.end_date = 'errOrder'
  if (!AMOUNT.test(form.initial_capital) || Number(form.initial_capital) <= 0) {
    problems.initial_capital = 'errCapital'
  }
  for (const name of ['fees', 'slippage'] as const) {
    if (form[name] !== '' && !BASIS_POINTS.test(form[name])) problems[name] = 'errBasisPoints'
  }
  if (form.seed !== '' && !/^\d{1,9}$/.test(form.seed)) problems.seed = 'errSeed'
  return problems
}

/** The request's body: the document's four fields, and of the others what was given. */
export function runBody({ fees, slippage, seed, parameters, ...documented }: RunForm) {
  return {
    ...documented,
    ...(fees !== '' && { fees }),
    ...(slippage !== '' && { slippage }),
    ...(seed !== '' && { seed: Number(seed) }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  }
}

/** Of a finished run, what the form needs. */
interface AskedRun {
  strategy_id: string
  start_date: string
  end_date: string | null
  initial_capital: string
  assumptions: Readonly<Record<string, unknown>>
}

/** What a run was asked for, as the form has it; `hasMore`: it was asked for things that the form does not have. */
export function formOf(run: AskedRun): { form: RunForm; hasMore: boolean } {
  const request = objectIn(run.assumptions, 'request')
  const costs = objectIn(request, 'costs')
  const sizing = objectIn(request, 'sizing')
  const others = [costs['fixed_fee'], costs['fee_per_unit'], costs['minimum_fee'], costs['spread_bps']]
  return {
    form: {
      strategy_id: run.strategy_id,
      start_date: run.start_date,
      end_date: run.end_date ?? '',
      initial_capital: run.initial_capital,
      fees: textOf(costs['fee_bps']),
      slippage: textOf(costs['slippage_bps']),
      seed: textOf(request['seed']),
      parameters: objectIn(request, 'parameters') as Config,
    },
    hasMore:
      others.some((value) => Number(value ?? 0) !== 0) ||
      (costs['slippage_model'] ?? 'fixed') !== 'fixed' ||
      (request['fill'] ?? 'next_open') !== 'next_open' ||
      (sizing['of'] ?? 'allocation') !== 'allocation' ||
      (sizing['kind'] ?? 'fraction') !== 'fraction' ||
      request['is_risk_engine_on'] === false,
  }
}

function objectIn(from: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const value = from[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function textOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : ''
}

export function daysAgo(nowMs: number, days: number): string {
  return new Date(nowMs - days * DAY_MS).toISOString().slice(0, 10)
}

/** The same request for a terminal; a quote in a value cannot leave its string. */
export function toCurl(form: RunForm, origin: string): string {
  const body = JSON.stringify(runBody(form), null, 2).replaceAll("'", String.raw`'\''`)
  return [
    `curl -X POST ${origin}/v1/runs`,
    `  -H "Authorization: Bearer $TOKEN"`,
    `  -H 'Content-Type: application/json'`,
    `  -d '${body}'`,
  ].join(' \\\n')
}
