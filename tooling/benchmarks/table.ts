import type { ComparisonResult, ContenderResult } from './run-comparison.ts'
import type { Bound, Figure } from './suite.ts'

const FIGURE_TITLES: Record<Figure, string> = {
  wall: 'operations/s',
  cpu: 'operations/CPU-s',
  p99: 'p99 ms',
}

/** A comparison as lines of text: a title, and a table with one row per contender. */
export function renderComparison(result: ComparisonResult): string {
  const head = ['', FIGURE_TITLES[result.figure], 'wall µs/op', 'CPU µs/op', 'ratio (min-max)', 'goal', '']
  const rows = result.contenders.map((contender) => rowOf(contender))
  const title = `${result.goal === null ? '' : `${result.goal}  `}${result.title} (${result.rounds} rounds)`
  return [title, ...alignColumns([head, ...rows]).map((line) => `  ${line}`)].join('\n')
}

function rowOf(contender: ContenderResult): string[] {
  const { ratio, bound } = contender
  return [
    contender.name,
    formatNumber(contender.figure.median),
    formatNumber(contender.wallMicrosPerOperation),
    contender.cpuMicrosPerOperation === null ? '-' : formatNumber(contender.cpuMicrosPerOperation),
    ratio === null
      ? 'baseline'
      : `${formatNumber(ratio.median)} (${formatNumber(ratio.min)}-${formatNumber(ratio.max)})`,
    bound === null ? '' : formatBound(bound),
    contender.isMet === null ? '' : contender.isMet ? 'met' : 'MISSED',
  ]
}

/** `>= 6` or `<= 60`. */
export function formatBound(bound: Bound): string {
  return 'atLeast' in bound ? `>= ${bound.atLeast}` : `<= ${bound.atMost}`
}

/** Three significant digits, whole numbers from 100 on with thousands separated. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

/** The first column to the left, numbers to the right. */
function alignColumns(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}
