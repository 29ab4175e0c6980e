import { useTranslation } from 'react-i18next'
import { formatPercent, locale } from '../../lib/format.ts'
import { monthlyReturns, yearReturn, type CurvePoint, type MonthReturn } from '../chart/curve.ts'

const MONTHS = Array.from({ length: 12 }, (_, month) => month)

/** Year by month as a real table: every cell has its number, the colour only helps the eye. */
export function MonthlyHeatmap({ curve }: { curve: readonly CurvePoint[] }) {
  const { t } = useTranslation()
  const returns = monthlyReturns(curve)
  const strongest = Math.max(1, ...returns.map(({ returnPct }) => Math.abs(returnPct)))
  const years = Map.groupBy(returns, ({ year }) => year)
  const name = new Intl.DateTimeFormat(locale(), { month: 'short', timeZone: 'UTC' })
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label={t('runs.monthly')} tabIndex={0} className="scroll-thin relative overflow-x-auto">
      <table className="w-full min-w-160 border-separate border-spacing-0.5 text-xs">
        <thead>
          <tr className="text-muted">
            <th scope="col" className="px-1 py-1 text-left font-medium">
              {t('runs.year')}
            </th>
            {MONTHS.map((month) => (
              <th key={month} scope="col" className="px-1 py-1 text-right font-medium">
                {name.format(new Date(Date.UTC(2024, month, 15)))}
              </th>
            ))}
            <th scope="col" className="px-1 py-1 text-right font-medium">
              {t('runs.ytd')}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...years].map(([year, months]) => (
            <YearRow key={year} year={year} months={months} strongest={strongest} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface YearRowProps {
  year: number
  months: readonly MonthReturn[]
  strongest: number
}

function YearRow({ year, months, strongest }: YearRowProps) {
  const byMonth = new Map(months.map((entry) => [entry.month, entry.returnPct]))
  return (
    <tr>
      <th scope="row" className="num px-1 text-left font-medium text-muted">
        {year}
      </th>
      {MONTHS.map((month) => (
        <Cell key={month} value={byMonth.get(month)} strongest={strongest} />
      ))}
      <Cell value={yearReturn(months)} strongest={strongest * 2} strong />
    </tr>
  )
}

/** Strongest tint that keeps the text above 4.5:1 in both themes. */
const MAX_TINT = 34

function Cell({
  value,
  strongest,
  strong = false,
}: {
  value: number | undefined
  strongest: number
  strong?: boolean
}) {
  if (value === undefined) return <td className="h-8 rounded bg-raised/50" />
  const tint = Math.round(Math.min(1, Math.abs(value) / strongest) * MAX_TINT)
  const colour = value < 0 ? 'var(--down)' : 'var(--up)'
  return (
    <td
      className={`num h-8 rounded px-1.5 text-right text-ink ${strong ? 'font-semibold' : ''}`}
      style={{ background: `color-mix(in srgb, ${colour} ${tint}%, var(--surface))` }}
    >
      {formatPercent(value, { signed: true, digits: 1 })}
    </td>
  )
}
