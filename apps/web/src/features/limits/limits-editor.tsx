import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Changes } from '../../components/changes.tsx'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { LIMIT_FIELDS, type Overrides, showLimit } from './limit-fields.ts'
import { isBadLimit, LimitInputs, readTyped, type TypedLimits } from './limit-inputs.tsx'
import type { LimitsView } from './limits-card.tsx'

interface LimitsEditorProps {
  view: LimitsView
  onClose: () => void
}

/** What is left empty falls back to what is inherited; nothing is saved before its difference was shown. */
export function LimitsEditor({ view, onClose }: LimitsEditorProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<TypedLimits>(() => typedOf(view))
  const [reviewing, setReviewing] = useState(false)
  const overrides = readAll(view, typed)
  const changed = JSON.stringify(overrides) !== JSON.stringify(view.overrides)
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={view.strategy_id === null ? t('limits.global') : t('limits.of', { name: view.strategy_id })}
      description={reviewing ? t('strategies.reviewText') : t('limits.editText')}
    >
      {reviewing ? (
        <Review view={view} overrides={overrides} onBack={() => setReviewing(false)} onClose={onClose} />
      ) : (
        <div className="space-y-4">
          <LimitInputs fields={LIMIT_FIELDS} typed={typed} otherwise={view.inherited} onChange={setTyped} />
          <Button
            variant="primary"
            className="w-full"
            disabled={!changed || LIMIT_FIELDS.some((field) => isBadLimit(field, typed))}
            onClick={() => setReviewing(true)}
          >
            {t('strategies.review')}
          </Button>
        </div>
      )}
    </Sheet>
  )
}

function typedOf({ overrides }: LimitsView): TypedLimits {
  return Object.fromEntries(LIMIT_FIELDS.map(({ name, kind }) => [name, showLimit(kind, overrides[name])]))
}

/** The stop-loss guard has no field here: what was set of it over the API stays set. */
function readAll({ overrides }: LimitsView, typed: TypedLimits): Overrides {
  return {
    ...(overrides.stop_loss_guard && { stop_loss_guard: overrides.stop_loss_guard }),
    ...readTyped(typed),
  }
}

interface ReviewProps {
  view: LimitsView
  overrides: Overrides
  onBack: () => void
  onClose: () => void
}

function Review({ view, overrides, onBack, onClose }: ReviewProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const utils = trpc.useUtils()
  const done = {
    onSuccess() {
      toastSuccess(t('limits.saved'))
      void utils.deck.limits.invalidate()
      void utils.rl.risk.invalidate()
      onClose()
    },
  }
  const own = trpc.deck.limits.put.useMutation(done)
  const global = trpc.deck.limits.putGlobal.useMutation(done)
  const error = own.error ?? global.error
  const problem = error && toProblem(error)
  const save = () => {
    const change = { limits: overrides, reason: reason.trim() }
    if (view.strategy_id === null) global.mutate(change)
    else own.mutate({ strategy_id: view.strategy_id, ...change })
  }
  return (
    <div className="space-y-4">
      <Changes before={plain(view.limits)} after={plain({ ...view.inherited, ...overrides })} />
      <TextField
        label={t('controls.reason')}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      {problem && (
        <Alert>
          {problemText(problem, t)} {problem.details.map(({ message }) => message).join(' ')}
        </Alert>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>{t('strategies.backToEdit')}</Button>
        <Button
          variant="primary"
          pending={own.isPending || global.isPending}
          disabled={reason.trim() === ''}
          onClick={save}
        >
          {t('strategies.save')}
        </Button>
      </div>
    </div>
  )
}

type Plain = Parameters<typeof Changes>[0]['before']

/** As plain JSON: what is undefined is no key. */
function plain(limits: object): Plain {
  return JSON.parse(JSON.stringify(limits)) as Plain
}
