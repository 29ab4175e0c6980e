import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { axisProblem, type AxisForm } from './axes.ts'

const MOST_AXES = 6

interface AxesFieldsProps {
  axes: readonly AxisForm[]
  /** Whether to say what is wrong: not before the first try. */
  isTried: boolean
  onChange: (axes: readonly AxisForm[]) => void
}

/** What a study varies: parameters with their values. */
export function AxesFields({ axes, isTried, onChange }: AxesFieldsProps) {
  const { t } = useTranslation()
  const set = (index: number, change: Partial<AxisForm>) =>
    onChange(axes.map((axis, place) => (place === index ? { ...axis, ...change } : axis)))
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 text-sm font-medium">{t('sweeps.axes')}</legend>
      <p className="text-xs text-muted">{t('sweeps.axesText')}</p>
      {axes.map((axis, index) => {
        const problem = isTried ? axisProblem(axis) : undefined
        return (
          // The place is what tells two axes without a name apart.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="flex items-start gap-2">
            <div className="w-2/5">
              <TextField
                label={t('sweeps.parameter', { number: index + 1 })}
                spellCheck={false}
                value={axis.name}
                error={problem === 'errName' ? t('sweeps.errName') : undefined}
                onChange={(event) => set(index, { name: event.target.value })}
              />
            </div>
            <div className="min-w-0 flex-1">
              <TextField
                label={t('sweeps.values')}
                spellCheck={false}
                placeholder="5..50 step 5"
                value={axis.values}
                error={problem === 'errValues' ? t('sweeps.errValues') : undefined}
                onChange={(event) => set(index, { values: event.target.value })}
              />
            </div>
            <Button
              variant="ghost"
              size="icon"
              className="mt-6.5"
              aria-label={t('sweeps.removeAxis', { number: index + 1 })}
              disabled={axes.length === 1}
              onClick={() => onChange(axes.filter((_, place) => place !== index))}
            >
              <Trash2 aria-hidden className="size-4" />
            </Button>
          </div>
        )
      })}
      <Button
        size="sm"
        disabled={axes.length >= MOST_AXES}
        onClick={() => onChange([...axes, { name: '', values: '' }])}
      >
        <Plus aria-hidden className="size-3.5" /> {t('sweeps.addAxis')}
      </Button>
    </fieldset>
  )
}
