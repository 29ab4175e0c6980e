import { RANKING_FIGURES } from '@quantdeck/contracts'
import { useTranslation } from 'react-i18next'
import { SelectField } from '../../components/ui/field.tsx'

export type RankingFigure = (typeof RANKING_FIGURES)[number]

interface MetricFieldProps {
  value: RankingFigure
  onChange: (metric: RankingFigure) => void
}

/** By which figure parameter sets are ranked. */
export function MetricField({ value, onChange }: MetricFieldProps) {
  const { t } = useTranslation()
  return (
    <SelectField
      label={t('sweeps.metric')}
      value={value}
      onChange={(event) =>
        onChange(RANKING_FIGURES.find((name) => name === event.target.value) ?? 'sharpe_ratio')
      }
    >
      {RANKING_FIGURES.map((name) => (
        <option key={name} value={name}>
          {t(`runFigure.${name}`)}
        </option>
      ))}
    </SelectField>
  )
}
