import type { JsonValue } from '@quantdeck/domain'
import { type CheckResult, RISK_CODES_BY_RULE, type RuleId, type SkipReason } from '@quantdeck/risk'

const RULE_OF = new Map<string, RuleId>(
  Object.entries(RISK_CODES_BY_RULE).flatMap(([rule, codes]) => codes.map((code) => [code, rule as RuleId])),
)

/** Behind a sentence: it goes on with `<observed> <unit>, limit <limit>`, or it is whole. */
const SAME = '~'
const WHOLE = '.'
const NULL = '-'

/**
 * The checks of an order for `orders.checks`: a text of one line per check with code, outcome, scope, limit, observed
 * value, unit, sentence and until when, tabs between them. Of the forty or so of an order, JSON would write and Postgres
 * would parse four times as much: that took longer than all the rest of an insert.
 */
export function storeChecks(checks: readonly CheckResult[]): string {
  let text = ''
  for (const check of checks) text += (text === '' ? '' : '\n') + lineOf(check)
  return text
}

function lineOf({
  code,
  passed,
  skipped,
  scope,
  limit,
  observed,
  unit,
  message,
  until,
}: CheckResult): string {
  const outcome = skipped ?? (passed ? 'passed' : 'failed')
  const numbers = `${limit ?? NULL}\t${observed ?? NULL}\t${unit ?? NULL}`
  const end = sentenceEnd(observed, unit, limit)
  const short = message.endsWith(end)
    ? escaped(message.slice(0, -end.length)) + SAME
    : escaped(message) + WHOLE
  const line = `${code}\t${outcome}\t${escaped(scope)}\t${numbers}\t${short}`
  return until === undefined ? line : `${line}\t${until}`
}

function sentenceEnd(observed: string | null, unit: string | null, limit: string | null): string {
  return ` ${observed} ${unit}, limit ${limit}`
}

/** What `storeChecks` made, or the plain rows of earlier versions. */
export function readChecks(stored: JsonValue): CheckResult[] {
  if (Array.isArray(stored)) return stored as unknown as CheckResult[]
  if (typeof stored !== 'string' || stored === '') return []
  return stored.split('\n').map(checkOf)
}

function checkOf(line: string): CheckResult {
  const [code = '', outcome, scope = '', ...rest] = line.split('\t')
  const [limit, observed, unit] = rest.slice(0, 3).map((field) => (field === NULL ? null : field)) as Numbers
  const [, , , short = '', until] = rest
  const isSkipped = outcome !== 'passed' && outcome !== 'failed'
  const end = short.endsWith(SAME) ? sentenceEnd(observed, unit, limit) : ''
  return {
    id: RULE_OF.get(code) ?? 'R01',
    code: code as CheckResult['code'],
    passed: outcome !== 'failed',
    ...(isSkipped && { skipped: outcome as SkipReason }),
    ...{ scope: restored(scope), limit, observed, unit, message: restored(short.slice(0, -1)) + end },
    ...(until !== undefined && { until }),
  }
}

type Numbers = [limit: string | null, observed: string | null, unit: CheckResult['unit']]

/** Symbols and reasons come from outside: what separates fields and lines must not be in them. */
const ESCAPED = /[\t\n\\]/g
const ESCAPES: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\\': '\\\\' }
const UNESCAPES: Record<string, string> = { '\\t': '\t', '\\n': '\n', '\\\\': '\\' }

function escaped(text: string): string {
  return text.replace(ESCAPED, (one) => ESCAPES[one] ?? one)
}

function restored(text: string): string {
  return text.replace(/\\[tn\\]/g, (pair) => UNESCAPES[pair] ?? pair)
}
