import { useTranslation } from 'react-i18next'
import { DASH, toNumber } from '../../lib/format.ts'
import { formatFigure } from '../runs/result/figures.ts'
import type { SweepCell, SweepDetail } from './sweep-page.tsx'

/** Strongest tint that keeps the text above 4.5:1 in both themes. */
const MAX_TINT = 34

/** One axis down, the other across, the figure in every cell: a real table, the colour only helps the eye. */
export function SweepHeatmap({ sweep }: { sweep: SweepDetail }) {
  const { t } = useTranslation()
  const [down, across] = sweep.axes
  if (down === undefined) return null
  const columns = across?.values ?? [null]
  const cells = new Map(sweep.cells.map((cell) => [keyOf(cell.parameters, down.name, across?.name), cell]))
  const values = sweep.cells.flatMap((cell) => toNumber(cell.figures?.[sweep.metric]) ?? [])
  const scale = { lowest: Math.min(...values), highest: Math.max(...values) }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section
      aria-label={t('sweeps.heatmap', { metric: t(`runFigure.${sweep.metric}`) })}
      tabIndex={0}
      className="scroll-thin relative overflow-x-auto"
    >
      <table className="border-separate border-spacing-0.5 text-xs">
        <thead>
          <tr className="text-muted">
            <th scope="col" className="px-2 py-1 text-left font-medium">
              {down.name}
              {across && ` × ${across.name}`}
            </th>
            {columns.map((value) => (
              <th key={String(value)} scope="col" className="num px-2 py-1 text-right font-medium">
                {value === null ? t(`runFigure.${sweep.metric}`) : String(value)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {down.values.map((row) => (
            <tr key={String(row)}>
              <th scope="row" className="num px-2 text-left font-medium text-muted">
                {String(row)}
              </th>
              {columns.map((column) => (
                <Cell
                  key={String(column)}
                  cell={cells.get(`${String(row)}|${column === null ? '' : String(column)}`)}
                  isBest={cells.get(`${String(row)}|${column === null ? '' : String(column)}`)?.rank === 1}
                  metric={sweep.metric}
                  scale={scale}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function keyOf(parameters: SweepCell['parameters'], down: string, across: string | undefined): string {
  return `${String(parameters[down])}|${across === undefined ? '' : String(parameters[across])}`
}

interface CellProps {
  cell: SweepCell | undefined
  isBest: boolean
  metric: SweepDetail['metric']
  scale: { lowest: number; highest: number }
}

function Cell({ cell, isBest, metric, scale }: CellProps) {
  const { t } = useTranslation()
  const value = toNumber(cell?.figures?.[metric])
  if (value === null) {
    return (
      <td className="h-8 min-w-14 rounded bg-raised/50 px-2 text-right text-muted" title={cell?.error}>
        {DASH}
      </td>
    )
  }
  const span = scale.highest - scale.lowest
  const place = span === 0 ? 1 : (value - scale.lowest) / span
  // Two colours from the middle: the worst half tends to one, the best half to the other.
  const tint = Math.round(Math.abs(place - 0.5) * 2 * MAX_TINT)
  const colour = place < 0.5 ? 'var(--down)' : 'var(--up)'
  return (
    <td
      className={`num h-8 min-w-14 rounded px-2 text-right text-ink ${isBest ? 'font-bold outline-2 outline-accent' : ''}`}
      style={{ background: `color-mix(in srgb, ${colour} ${tint}%, var(--surface))` }}
    >
      {formatFigure(metric, value)}
      {isBest && <span className="sr-only"> {t('compare.best')}</span>}
    </td>
  )
}
