import { useTranslation } from 'react-i18next'
import { TextField } from '../../components/ui/field.tsx'

interface Day {
  value: string
  error?: string | undefined
  onChange: (day: string) => void
}

/** The first and the last day of a backtest. */
export function PeriodFields({ start, end }: { start: Day; end: Day }) {
  const { t } = useTranslation()
  return (
    <div className="grid grid-cols-2 gap-3">
      <DayField label={t('runs.start')} {...start} />
      <DayField label={t('runs.end')} {...end} />
    </div>
  )
}

function DayField({ onChange, ...field }: Day & { label: string }) {
  return <TextField type="date" {...field} onChange={(event) => onChange(event.target.value)} />
}
