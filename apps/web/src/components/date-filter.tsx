import { useTranslation } from 'react-i18next'

interface DateFilterProps {
  from: string | undefined
  to: string | undefined
  onChange: (next: { from?: string | undefined; to?: string | undefined }) => void
}

/** First and last day of a list, both included. */
export function DateFilter({ from, to, onChange }: DateFilterProps) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-1.5 text-xs text-muted">
      <DayInput
        label={t('field.from')}
        value={from}
        max={to}
        onChange={(value) => onChange({ from: value })}
      />
      <span aria-hidden>–</span>
      <DayInput label={t('field.to')} value={to} min={from} onChange={(value) => onChange({ to: value })} />
    </span>
  )
}

interface DayInputProps {
  label: string
  value: string | undefined
  min?: string | undefined
  max?: string | undefined
  onChange: (value: string | undefined) => void
}

function DayInput({ label, value, min, max, onChange }: DayInputProps) {
  return (
    <input
      type="date"
      aria-label={label}
      value={value ?? ''}
      min={min}
      max={max}
      onChange={(event) => onChange(event.target.value || undefined)}
      className="num h-8 rounded-lg border border-line-strong bg-surface px-2 text-xs text-ink"
    />
  )
}
