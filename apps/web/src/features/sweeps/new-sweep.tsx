import { RANKING_FIGURES } from '@quantdeck/contracts'
import { useNavigate } from '@tanstack/react-router'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { useOffline } from '../../lib/feed.ts'
import { formatInteger } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { PeriodFields } from '../runs/period-fields.tsx'
import { daysAgo } from '../runs/run-form.ts'
import { StrategyField } from '../runs/strategy-field.tsx'
import { axisProblem, type AxisForm, gridSize, readValues } from './sweep-form.ts'

const MOST_AXES = 6
const MOST_SETS = 2_000
const THREE_YEARS = 3 * 365

export function NewSweep({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('sweeps.new')}
      description={t('sweeps.newText')}
    >
      <SweepFields />
    </Sheet>
  )
}

function SweepFields() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const offline = useOffline()
  const [strategyId, setStrategyId] = useState('')
  const [from, setFrom] = useState(() => daysAgo(serverNow(), THREE_YEARS))
  const [to, setTo] = useState(() => daysAgo(serverNow(), 0))
  const [metric, setMetric] = useState<(typeof RANKING_FIGURES)[number]>('sharpe_ratio')
  const [axes, setAxes] = useState<readonly AxisForm[]>([{ name: '', values: '' }])
  const [tried, setTried] = useState(false)
  const utils = trpc.useUtils()
  const create = trpc.deck.sweeps.create.useMutation({
    onSuccess({ data }) {
      void utils.deck.sweeps.invalidate()
      void navigate({ to: '/sweeps/$sweepId', params: { sweepId: data.sweep_id } })
    },
  })
  const sets = gridSize(axes)
  const good = strategyId !== '' && to > from && axes.every((axis) => axisProblem(axis) === undefined)
  const setAxis = (index: number, change: Partial<AxisForm>) =>
    setAxes(axes.map((axis, place) => (place === index ? { ...axis, ...change } : axis)))
  const submit = () => {
    setTried(true)
    if (!good) return
    create.mutate({
      strategy_id: strategyId,
      start_date: from,
      end_date: to,
      metric,
      axes: axes.map(({ name, values }) => ({ name, values: readValues(values) ?? [] })),
    })
  }
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <StrategyField
        value={strategyId}
        error={tried && strategyId === '' ? t('runs.errStrategy') : undefined}
        onChange={setStrategyId}
      />
      <PeriodFields
        start={{ value: from, onChange: setFrom }}
        end={{
          value: to,
          error: tried && to <= from ? t('runs.errOrder') : undefined,
          onChange: setTo,
        }}
      />
      <SelectField
        label={t('sweeps.metric')}
        value={metric}
        onChange={(event) =>
          setMetric(RANKING_FIGURES.find((name) => name === event.target.value) ?? 'sharpe_ratio')
        }
      >
        {RANKING_FIGURES.map((name) => (
          <option key={name} value={name}>
            {t(`figure.${name}`)}
          </option>
        ))}
      </SelectField>
      <fieldset className="space-y-3">
        <legend className="mb-1 text-sm font-medium">{t('sweeps.axes')}</legend>
        <p className="text-xs text-muted">{t('sweeps.axesText')}</p>
        {axes.map((axis, index) => {
          const problem = tried ? axisProblem(axis) : undefined
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
                  onChange={(event) => setAxis(index, { name: event.target.value })}
                />
              </div>
              <div className="min-w-0 flex-1">
                <TextField
                  label={t('sweeps.values')}
                  spellCheck={false}
                  placeholder="5..50 step 5"
                  value={axis.values}
                  error={problem === 'errValues' ? t('sweeps.errValues') : undefined}
                  onChange={(event) => setAxis(index, { values: event.target.value })}
                />
              </div>
              <Button
                variant="ghost"
                size="icon"
                className="mt-6.5"
                aria-label={t('sweeps.removeAxis', { number: index + 1 })}
                disabled={axes.length === 1}
                onClick={() => setAxes(axes.filter((_, place) => place !== index))}
              >
                <Trash2 aria-hidden className="size-4" />
              </Button>
            </div>
          )
        })}
        <Button
          size="sm"
          disabled={axes.length >= MOST_AXES}
          onClick={() => setAxes([...axes, { name: '', values: '' }])}
        >
          <Plus aria-hidden className="size-3.5" /> {t('sweeps.addAxis')}
        </Button>
      </fieldset>
      <p className={`text-sm ${sets > MOST_SETS ? 'font-medium text-bad-ink' : 'text-muted'}`}>
        {t('sweeps.size', { count: sets, most: formatInteger(MOST_SETS) })}
      </p>
      {create.error && (
        <Alert>
          {problemText(toProblem(create.error), t)} {create.error.message}{' '}
          {toProblem(create.error)
            .details.map(({ message }) => message)
            .join(' ')}
        </Alert>
      )}
      <Button
        type="submit"
        variant="primary"
        className="w-full"
        pending={create.isPending}
        disabled={offline || sets > MOST_SETS}
        title={offline ? t('strategies.offlineBlocks') : undefined}
      >
        {t('sweeps.start')}
      </Button>
    </form>
  )
}
