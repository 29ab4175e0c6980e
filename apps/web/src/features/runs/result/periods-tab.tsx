import { useTranslation } from 'react-i18next'
import { Card } from '../../../components/ui/card.tsx'
import { formatPercent } from '../../../lib/format.ts'
import { monthlyReturns, yearReturn, type CurvePoint } from '../../chart/curve.ts'
import { MonthlyHeatmap } from '../monthly-heatmap.tsx'
import { BarTable } from './bar-table.tsx'

/** What each month and each year brought. */
export function PeriodsTab({ curve }: { curve: readonly CurvePoint[] }) {
  const { t } = useTranslation()
  const years = [...Map.groupBy(monthlyReturns(curve), ({ year }) => year)]
  return (
    <div className="space-y-4">
      <Card title={t('runs.monthly')} description={t('runs.monthlyHint')}>
        <MonthlyHeatmap curve={curve} />
      </Card>
      <Card title={t('result.annual')}>
        <BarTable
          label={t('result.annual')}
          head={[t('runs.year'), t('field.return')]}
          isDiverging
          bars={years.map(([year, months]) => {
            const value = yearReturn(months)
            return {
              key: String(year),
              label: String(year),
              value,
              text: formatPercent(value, { signed: true, digits: 1 }),
            }
          })}
        />
      </Card>
    </div>
  )
}
