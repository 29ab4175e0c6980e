import { useNavigate } from '@tanstack/react-router'
import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SendForm } from '../../components/send-form.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { DuplicateFrom } from './duplicate-from.tsx'
import { PeriodFields } from './period-fields.tsx'
import { RunParameters } from './run-parameters.tsx'
import { daysAgo, runBody, toCurl, validateRun, type RunForm, type RunProblem } from './run-form.ts'
import { StrategyField } from './strategy-field.tsx'
import { copyText, toastSuccess } from '../../lib/toast.ts'

const PRESETS = { '1y': 365, '3y': 3 * 365, '5y': 5 * 365 } as const

export function NewRunSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('runs.new')}
      description={t('runs.newText')}
    >
      <RunFields onClose={onClose} />
    </Sheet>
  )
}

function RunFields({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const today = daysAgo(serverNow(), 0)
  const [form, setForm] = useState<RunForm>({
    strategy_id: '',
    start_date: daysAgo(serverNow(), PRESETS['3y']),
    end_date: today,
    initial_capital: '100000.00',
    fees: '',
    slippage: '',
    seed: '',
    parameters: {},
  })
  const [tried, setTried] = useState(false)
  /** Counts what was duplicated: the parameters' own fields begin anew with each. */
  const [source, setSource] = useState(0)
  const problems = tried ? validateRun(form) : {}
  const set = (change: Partial<RunForm>) => setForm((current) => ({ ...current, ...change }))
  const create = useCreateRun(onClose)
  const text = (problem: RunProblem | undefined) => (problem === undefined ? undefined : t(`runs.${problem}`))
  return (
    <>
      <SendForm
        sending={create}
        submitLabel={t('runs.submit')}
        onSubmit={() => {
          setTried(true)
          if (Object.keys(validateRun(form)).length === 0) create.mutate(runBody(form))
        }}
      >
        <DuplicateFrom
          onChosen={(asked) => {
            setForm(asked)
            setSource(source + 1)
          }}
        />
        <StrategyField
          value={form.strategy_id}
          error={text(problems.strategy_id)}
          onChange={(strategy_id) => set({ strategy_id, parameters: {} })}
        />
        <PeriodFields
          start={{
            value: form.start_date,
            error: text(problems.start_date),
            onChange: (start_date) => set({ start_date }),
          }}
          end={{
            value: form.end_date,
            error: text(problems.end_date),
            onChange: (end_date) => set({ end_date }),
          }}
        />
        <fieldset className="flex flex-wrap gap-2" aria-label={t('runs.presets')}>
          {(['1y', '3y', '5y'] as const).map((preset) => (
            <Button
              key={preset}
              size="sm"
              onClick={() => set({ start_date: daysAgo(serverNow(), PRESETS[preset]), end_date: today })}
            >
              {t(`runs.preset.${preset}`)}
            </Button>
          ))}
        </fieldset>
        <TextField
          label={t('runs.capital')}
          inputMode="decimal"
          value={form.initial_capital}
          error={text(problems.initial_capital)}
          suffix={<span className="pr-2">USD</span>}
          onChange={(event) => set({ initial_capital: event.target.value })}
        />
        <details className="rounded-lg border">
          <summary className="cursor-pointer px-3 py-2 text-sm font-medium">{t('runs.more')}</summary>
          <div className="space-y-4 p-3 pt-1">
            <div className="grid grid-cols-2 gap-3">
              <TextField
                label={t('runs.fees')}
                inputMode="decimal"
                placeholder={t('runs.usual')}
                value={form.fees}
                error={text(problems.fees)}
                suffix={<span className="pr-2">bp</span>}
                onChange={(event) => set({ fees: event.target.value })}
              />
              <TextField
                label={t('runs.slippage')}
                inputMode="decimal"
                placeholder={t('runs.usual')}
                value={form.slippage}
                error={text(problems.slippage)}
                suffix={<span className="pr-2">bp</span>}
                onChange={(event) => set({ slippage: event.target.value })}
              />
            </div>
            <TextField
              label={t('runs.seed')}
              inputMode="numeric"
              value={form.seed}
              error={text(problems.seed)}
              onChange={(event) => set({ seed: event.target.value })}
            />
            {form.strategy_id !== '' && (
              <RunParameters
                key={`${form.strategy_id} ${source}`}
                strategyId={form.strategy_id}
                value={form.parameters}
                onChange={(parameters) => set({ parameters })}
              />
            )}
          </div>
        </details>
      </SendForm>
      <Curl form={form} />
    </>
  )
}

function useCreateRun(onClose: () => void) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  return trpc.v1.runs.create.useMutation({
    onSuccess: ({ data }) => {
      void utils.v1.runs.invalidate()
      toastSuccess(t('runs.started'), {
        description: data.notes.join(' '),
        action: {
          label: t('runs.open'),
          onClick: () => void navigate({ to: '/runs/$runId', params: { runId: data.run_id } }),
        },
      })
      onClose()
      void navigate({ to: '/runs/$runId', params: { runId: data.run_id } })
    },
  })
}

function Curl({ form }: { form: RunForm }) {
  const { t } = useTranslation()
  const command = toCurl(form, window.location.origin)
  const copy = () => void copyText(command, t('state.copied'))
  return (
    <div className="mt-4 border-t pt-4">
      <div className="mb-1.5 flex items-center justify-between">
        <p className="text-xs font-medium">{t('runs.curl')}</p>
        <Button variant="ghost" size="icon-sm" aria-label={t('action.copy')} onClick={copy}>
          <Copy aria-hidden className="size-3.5" />
        </Button>
      </div>
      <pre className="overflow-x-auto rounded-lg bg-raised p-3 text-[0.6875rem] leading-relaxed">
        {command}
      </pre>
      <p className="mt-1.5 text-xs text-muted">{t('runs.curlHint')}</p>
    </div>
  )
}
