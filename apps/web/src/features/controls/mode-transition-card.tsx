import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReasonField, TypedNameField } from '../../components/confirm-fields.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Refusal } from '../../components/refusal.tsx'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { toProblem } from '../../lib/errors.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { useTransitionBlocked } from './control-rules.ts'

type Strategy = Outputs['v1']['strategies']['list']['data'][number]
type Mode = Strategy['mode']

const MODES = ['BACKTEST', 'PAPER', 'LIVE'] as const

export function ModeTransitionCard() {
  const { t } = useTranslation()
  const strategies = trpc.v1.strategies.list.useQuery({})
  return (
    <Card title={t('controls.mode')} description={t('controls.modeText')}>
      <DataBlock
        query={strategies}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('strategies.empty') }}
      >
        {({ data }) => <Steps strategies={data} />}
      </DataBlock>
    </Card>
  )
}

function Steps({ strategies }: { strategies: readonly Strategy[] }) {
  const { t } = useTranslation()
  const [id, setId] = useState(strategies[0]?.strategy_id ?? '')
  const [to, setTo] = useState<Mode | ''>('')
  const strategy = strategies.find((row) => row.strategy_id === id)
  if (strategy === undefined) return null
  const targets = MODES.filter((mode) => mode !== strategy.mode)
  const target = to === '' || to === strategy.mode ? targets[0]! : to
  return (
    <div className="space-y-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField label={t('field.strategy')} value={id} onChange={(event) => setId(event.target.value)}>
          {strategies.map((row) => (
            <option key={row.strategy_id} value={row.strategy_id}>
              {row.name}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('controls.to')}
          value={target}
          hint={
            <span className="inline-flex items-center gap-1.5">
              {t('controls.now')} <ModeBadge mode={strategy.mode} />
            </span>
          }
          onChange={(event) => setTo(event.target.value as Mode)}
        >
          {targets.map((mode) => (
            <option key={mode} value={mode}>
              {t(`mode.${mode}`)}
            </option>
          ))}
        </SelectField>
      </div>
      {target === 'LIVE' && <RequestApproval strategy={strategy} />}
      <Transition key={`${id}|${target}`} strategy={strategy} to={target} />
    </div>
  )
}

/** Four eyes: one admin asks, another approves and gets the code. */
function RequestApproval({ strategy }: { strategy: Strategy }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const utils = trpc.useUtils()
  const blocked = useTransitionBlocked()
  const request = trpc.deck.approvals.request.useMutation(
    useAction(t('controls.requested'), () => utils.deck.approvals.invalidate()),
  )
  return (
    <div className="space-y-3 rounded-lg border p-3">
      <p className="text-sm font-medium">{t('controls.step1')}</p>
      <ReasonField value={reason} onChange={setReason} />
      <Button
        size="sm"
        pending={request.isPending}
        disabled={reason.trim() === '' || blocked !== null}
        title={blocked ?? undefined}
        onClick={() =>
          request.mutate({
            strategy_id: strategy.strategy_id,
            from_mode: strategy.mode,
            to_mode: 'LIVE',
            reason: reason.trim(),
          })
        }
      >
        {t('controls.request')}
      </Button>
    </div>
  )
}

function Transition({ strategy, to }: { strategy: Strategy; to: Mode }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const [typed, setTyped] = useState('')
  const utils = trpc.useUtils()
  const blocked = useTransitionBlocked()
  const live = to === 'LIVE'
  const move = trpc.v1.controls.modeTransition.useMutation({
    onSuccess({ data }) {
      toastSuccess(t('controls.moved', { name: strategy.name, mode: t(`mode.${data.mode}`) }))
      void utils.invalidate()
    },
  })
  const ready = typed === strategy.strategy_id && (!live || code.trim() !== '')
  return (
    <form
      className="space-y-3 rounded-lg border p-3"
      onSubmit={(event) => {
        event.preventDefault()
        move.mutate({
          strategy_id: strategy.strategy_id,
          from_mode: strategy.mode,
          to_mode: to,
          ...(live && { approval_code: code.trim() }),
        })
      }}
    >
      <p className="text-sm font-medium">{live ? t('controls.step2') : t('controls.stepOnly')}</p>
      {live && (
        <TextField
          label={t('controls.code')}
          autoComplete="one-time-code"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      <TypedNameField name={strategy.strategy_id} value={typed} onChange={setTyped} />
      {move.error !== null && <NotMoved error={move.error} />}
      <Button
        type="submit"
        variant={live ? 'danger' : 'primary'}
        pending={move.isPending}
        disabled={!ready || blocked !== null}
        title={blocked ?? undefined}
      >
        {t('controls.move', { mode: t(`mode.${to}`) })}
      </Button>
    </form>
  )
}

/** Who may not move is told before: what is forbidden here is the code. */
function NotMoved({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return toProblem(error).code === 'FORBIDDEN' ? (
    <Alert>{t('controls.codeWrong')}</Alert>
  ) : (
    <Refusal error={error} />
  )
}
