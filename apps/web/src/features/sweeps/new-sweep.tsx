import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { useOffline } from '../../lib/feed.ts'
import { formatInteger } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { PeriodFields } from '../runs/period-fields.tsx'
import { daysAgo } from '../runs/run-form.ts'
import { StrategyField } from '../runs/strategy-field.tsx'
import { AxesFields } from './axes-fields.tsx'
import { MetricField, type RankingFigure } from './metric-field.tsx'
import { axisProblem, type AxisForm, gridSize, readValues } from './sweep-form.ts'

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
  const [metric, setMetric] = useState<RankingFigure>('sharpe_ratio')
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
      <MetricField value={metric} onChange={setMetric} />
      <AxesFields axes={axes} isTried={tried} onChange={setAxes} />
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
