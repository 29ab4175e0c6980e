import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PeriodFields } from '../runs/period-fields.tsx'
import { StrategyField } from '../runs/strategy-field.tsx'
import { AxesFields } from './axes-fields.tsx'
import { MetricField } from './metric-field.tsx'
import type { StudyForm } from './study-form.ts'

interface StudyFieldsProps {
  form: StudyForm
  /** Whether to say what is wrong: not before the first try. */
  isTried: boolean
  onChange: (form: StudyForm) => void
  /** Between the period and what is varied over it. */
  children?: ReactNode
}

/** What every study is asked for. */
export function StudyFields({ form, isTried, onChange, children }: StudyFieldsProps) {
  const { t } = useTranslation()
  const { strategyId, from, to, metric, axes } = form
  return (
    <>
      <StrategyField
        value={strategyId}
        error={isTried && strategyId === '' ? t('runs.errStrategy') : undefined}
        onChange={(chosen) => onChange({ ...form, strategyId: chosen })}
      />
      <PeriodFields
        start={{ value: from, onChange: (day) => onChange({ ...form, from: day }) }}
        end={{
          value: to,
          error: isTried && to <= from ? t('runs.errOrder') : undefined,
          onChange: (day) => onChange({ ...form, to: day }),
        }}
      />
      {children}
      <MetricField value={metric} onChange={(chosen) => onChange({ ...form, metric: chosen })} />
      <AxesFields
        axes={axes}
        isTried={isTried}
        onChange={(changed) => onChange({ ...form, axes: changed })}
      />
    </>
  )
}
