import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Changes } from '../../components/changes.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import type { StrategyDetail } from './config-card.tsx'
import { configPatch, type Config, withValue } from './config-draft.ts'
import { ConfigField } from './config-field.tsx'

interface ConfigEditorProps {
  detail: StrategyDetail
  onClose: () => void
}

/** First the values, then what they change: nothing is saved that was not shown. */
export function ConfigEditor({ detail: current, onClose }: ConfigEditorProps) {
  const { t } = useTranslation()
  // As it was when the form opened: what somebody else saves meanwhile is a conflict, not a new base.
  const [detail] = useState(current)
  const [draft, setDraft] = useState<Config>(detail.config)
  const [reviewing, setReviewing] = useState(false)
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set())
  const changed = JSON.stringify(configPatch(detail.config, draft)) !== '{}'
  const setValue = (path: readonly string[], value: Parameters<typeof withValue>[2]) =>
    setDraft((current) => withValue(current, path, value))
  const setBad = (path: readonly string[], bad: boolean) =>
    setBroken((current) => {
      const next = new Set(current)
      if (bad) next.add(path.join('.'))
      else next.delete(path.join('.'))
      return next
    })
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={reviewing ? t('strategies.review') : t('strategies.editTitle', { name: detail.name })}
      description={reviewing ? t('strategies.reviewText') : t('strategies.editText')}
    >
      {reviewing ? (
        <Review detail={detail} draft={draft} onBack={() => setReviewing(false)} onClose={onClose} />
      ) : (
        <div className="space-y-4">
          {Object.entries(draft).map(([key, value]) => (
            <ConfigField
              key={key}
              path={[key]}
              value={value}
              onChange={setValue}
              onBroken={setBad}
              action={
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={t('strategies.removeField', { name: key })}
                  onClick={() => setValue([key], undefined)}
                >
                  <Trash2 aria-hidden className="size-3.5" />
                </Button>
              }
            />
          ))}
          <NewField taken={Object.keys(draft)} onAdd={(key) => setValue([key], '')} />
          <Button
            variant="primary"
            className="w-full"
            disabled={!changed || broken.size > 0}
            onClick={() => setReviewing(true)}
          >
            {t('strategies.review')}
          </Button>
        </div>
      )}
    </Sheet>
  )
}

function NewField({ taken, onAdd }: { taken: readonly string[]; onAdd: (key: string) => void }) {
  const { t } = useTranslation()
  const [key, setKey] = useState('')
  const good = /^[\w.-]{1,64}$/.test(key) && !taken.includes(key)
  return (
    <div className="flex items-end gap-2 border-t pt-4">
      <div className="min-w-0 flex-1">
        <TextField
          label={t('strategies.newField')}
          value={key}
          spellCheck={false}
          onChange={(event) => setKey(event.target.value)}
        />
      </div>
      <Button
        disabled={!good}
        onClick={() => {
          onAdd(key)
          setKey('')
        }}
      >
        <Plus aria-hidden className="size-4" /> {t('strategies.add')}
      </Button>
    </div>
  )
}

interface ReviewProps {
  detail: StrategyDetail
  draft: Config
  onBack: () => void
  onClose: () => void
}

function Review({ detail, draft, onBack, onClose }: ReviewProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const utils = trpc.useUtils()
  const update = trpc.v1.strategies.update.useMutation({
    onSuccess() {
      toastSuccess(t('strategies.saved', { name: detail.name }))
      void utils.v1.strategies.invalidate()
      void utils.deck.strategies.invalidate()
      onClose()
    },
  })
  const conflict = update.error !== null && toProblem(update.error).code === 'CONFLICT'
  const save = (expectedVersion?: number) =>
    update.mutate({
      strategy_id: detail.strategy_id,
      config: configPatch(detail.config, draft),
      reason: reason.trim(),
      ...(expectedVersion !== undefined && { expected_version: expectedVersion }),
    })
  return (
    <div className="space-y-4">
      <Changes before={detail.config} after={draft} />
      <TextField
        label={t('controls.reason')}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
      />
      {update.error && (
        <div role="alert" className="space-y-2 rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad-ink">
          <p>
            {problemText(toProblem(update.error), t)} {update.error.message}
          </p>
          {conflict && (
            <div className="flex flex-wrap gap-2">
              <Button
                size="sm"
                onClick={() => {
                  void utils.v1.strategies.invalidate()
                  onClose()
                }}
              >
                {t('strategies.reload')}
              </Button>
              <Button size="sm" variant="danger" onClick={() => save()}>
                {t('strategies.overwrite')}
              </Button>
            </div>
          )}
        </div>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onBack}>{t('strategies.backToEdit')}</Button>
        <Button
          variant="primary"
          pending={update.isPending}
          disabled={reason.trim() === ''}
          onClick={() => save(detail.version)}
        >
          {t('strategies.save')}
        </Button>
      </div>
    </div>
  )
}
