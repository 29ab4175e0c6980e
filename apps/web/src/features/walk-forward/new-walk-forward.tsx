import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { useOffline } from '../../lib/feed.ts'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { PeriodFields } from '../runs/period-fields.tsx'
import { daysAgo } from '../runs/run-form.ts'
import { StrategyField } from '../runs/strategy-field.tsx'
import { AxesFields } from '../sweeps/axes-fields.tsx'
import { MetricField, type RankingFigure } from '../sweeps/metric-field.tsx'
import { axisProblem, type AxisForm, readValues } from '../sweeps/sweep-form.ts'
import { countWindows, readDays, type WindowForm } from './windows.ts'

const FIVE_YEARS = 5 * 365

export function NewWalkForward({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('walkForward.new')}
      description={t('walkForward.newText')}
    >
      <Fields />
    </Sheet>
  )
}

function Fields() {
  const { t } = useTranslation()
  const offline = useOffline()
  const [strategyId, setStrategyId] = useState('')
  const [from, setFrom] = useState(() => daysAgo(serverNow(), FIVE_YEARS))
  const [to, setTo] = useState(() => daysAgo(serverNow(), 0))
  const [metric, setMetric] = useState<RankingFigure>('sharpe_ratio')
  const [axes, setAxes] = useState<readonly AxisForm[]>([{ name: '', values: '' }])
  const [typed, setTyped] = useState<WindowForm>({
    inSample: '365',
    outOfSample: '90',
    purge: '0',
    embargo: '0',
  })
  const [anchored, setAnchored] = useState(false)
  const [tried, setTried] = useState(false)
  const create = useCreate()
  const days = readDays(typed)
  const isGood =
    strategyId !== '' && to > from && days !== null && axes.every((axis) => axisProblem(axis) === undefined)
  const windows = days === null ? 0 : countWindows({ from, to }, days)
  function submit(): void {
    setTried(true)
    if (!isGood) return
    create.mutate({
      strategy_id: strategyId,
      start_date: from,
      end_date: to,
      metric,
      anchored,
      axes: axes.map(({ name, values }) => ({ name, values: readValues(values) ?? [] })),
      ...days,
    })
  }
  const problem = create.error && toProblem(create.error)
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
        end={{ value: to, error: tried && to <= from ? t('runs.errOrder') : undefined, onChange: setTo }}
      />
      <div className="grid grid-cols-2 gap-3">
        {(['inSample', 'outOfSample', 'purge', 'embargo'] as const).map((name) => (
          <DaysField
            key={name}
            label={t(`walkForward.${name}`)}
            value={typed[name]}
            isBad={tried && days === null && readDays({ ...GOOD, [name]: typed[name] }) === null}
            onChange={(value) => setTyped({ ...typed, [name]: value })}
          />
        ))}
      </div>
      <Checkbox
        label={t('walkForward.anchored')}
        hint={t('walkForward.anchoredHint')}
        checked={anchored}
        onChange={(event) => setAnchored(event.target.checked)}
      />
      <MetricField value={metric} onChange={setMetric} />
      <AxesFields axes={axes} isTried={tried} onChange={setAxes} />
      <p className="text-sm text-muted">{t('walkForward.windows', { count: windows })}</p>
      {problem && (
        <Alert>
          {problemText(problem, t)} {problem.message}{' '}
          {problem.details.map(({ message }) => message).join(' ')}
        </Alert>
      )}
      <Button
        type="submit"
        variant="primary"
        className="w-full"
        pending={create.isPending}
        disabled={offline}
        title={offline ? t('strategies.offlineBlocks') : undefined}
      >
        {t('walkForward.start')}
      </Button>
    </form>
  )
}

/** Three good values, so that the fourth alone decides. */
const GOOD: WindowForm = { inSample: '1', outOfSample: '1', purge: '0', embargo: '0' }

function useCreate() {
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  return trpc.deck.walkForwards.create.useMutation({
    onSuccess({ data }) {
      void utils.deck.walkForwards.invalidate()
      void navigate({ to: '/walk-forwards/$studyId', params: { studyId: data.walk_forward_id } })
    },
  })
}

interface DaysFieldProps {
  label: string
  value: string
  isBad: boolean
  onChange: (value: string) => void
}

function DaysField({ label, value, isBad, onChange }: DaysFieldProps): ReactNode {
  const { t } = useTranslation()
  return (
    <TextField
      label={label}
      inputMode="numeric"
      value={value}
      error={isBad ? t('walkForward.errDays') : undefined}
      suffix={<span className="pr-2">d</span>}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
