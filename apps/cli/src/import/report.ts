import { formatInterval } from '../bars-csv/interval.ts'
import type { ImportReport } from './send-bars.ts'

const MOST_LINES = 50

/** What became of the file, for people or as JSON. */
export function printReport(report: ImportReport, asJson: boolean): void {
  process.stdout.write(
    asJson ? `${JSON.stringify(report, null, 2)}\n` : `${reportLines(report).join('\n')}\n`,
  )
}

export function reportLines(report: ImportReport): string[] {
  const count = (rows: number) => rows.toLocaleString('en')
  const accepted = report.dry_run ? 'would be accepted' : 'accepted'
  const lines = [
    `${report.file}: ${count(report.rows_total)} rows, ${count(report.rows_accepted)} ${accepted}, ` +
      `${count(report.rows_duplicate)} known already, ${count(report.rows_quarantined)} quarantined`,
  ]
  if (report.first_opened_at !== null) {
    const interval = formatInterval(report.interval_seconds)
    lines.push(`${report.symbol}, ${interval} bars, ${report.first_opened_at} to ${report.last_opened_at}`)
  }
  if (report.instrument === 'created') lines.push(`${report.symbol} is a new instrument`)
  if (report.instrument === 'would-be-created') {
    lines.push(`${report.symbol} would be a new instrument; its values are judged when it is imported`)
  }
  for (const { line, reason, detail } of report.quarantined.slice(0, MOST_LINES)) {
    lines.push(`  line ${line}: ${reason}, ${detail}`)
  }
  const more = report.quarantined.length - MOST_LINES
  if (more > 0) lines.push(`  and ${count(more)} more (--json lists all)`)
  return lines
}
