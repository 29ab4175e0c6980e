import { useTranslation } from 'react-i18next'
import { SelectField } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'

interface StrategyFieldProps {
  value: string
  error: string | undefined
  onChange: (strategyId: string) => void
}

export function StrategyField({ value, error, onChange }: StrategyFieldProps) {
  const { t } = useTranslation()
  const strategies = useStrategyOptions()
  return (
    <SelectField
      label={t('field.strategy')}
      value={value}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t('runs.errStrategy')}</option>
      {strategies.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  )
}
