import type { CheckResult } from './check.ts'

export interface CheckCounts {
  readonly ok: number
  readonly failed: number
  readonly skipped: number
}

export function countResults(results: readonly CheckResult[]): CheckCounts {
  const count = (status: CheckResult['status']) => results.filter((result) => result.status === status).length
  return { ok: count('ok'), failed: count('failed'), skipped: count('skipped') }
}

/** One line of the report. */
export function resultLine(result: CheckResult): string {
  const start = `${result.status.padEnd(7)}  ${result.id}`
  switch (result.status) {
    case 'ok':
      return `${start}: ${result.title}`
    case 'failed':
      return `${start}: expected ${result.expected}; saw ${result.seen}`
    case 'skipped':
      return `${start}: ${result.reason}`
  }
}

export function summaryLine(url: string, { ok, failed, skipped }: CheckCounts): string {
  const verdict =
    failed === 0 ? 'every check holds' : `${failed} ${failed === 1 ? 'check fails' : 'checks fail'}`
  return `${url}: ${verdict} (${ok} ok, ${failed} failed, ${skipped} skipped)`
}
