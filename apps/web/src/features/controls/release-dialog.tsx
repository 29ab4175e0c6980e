import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { formatDateTime, formatDrawdown, formatUsd } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { toastSuccess } from '../../lib/toast.ts'

interface ReleaseDialogProps {
  scope: { scope: string; level: string }
  onClose: () => void
}

interface Subject {
  strategy_id?: string
  symbol?: string
}

/** What a request names for a scope; nothing for all of trading. */
function subjectOf(scope: string): Subject {
  const [kind, ...rest] = scope.split(':')
  const name = rest.join(':')
  if (kind === 'strategy') return { strategy_id: name }
  return kind === 'symbol' ? { symbol: name } : {}
}

/** Releasing is slow on purpose: the scope typed by hand, a reason, the password. */
export function ReleaseDialog({ scope, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [password, setPassword] = useState('')
  const name = scope.scope.replace(/^\w+:/, '')
  const subject = subjectOf(scope.scope)
  const confirm = trpc.deck.session.confirm.useMutation()
  const release = useRelease(onClose)
  const failed = confirm.error ?? release.error
  const submit = async () => {
    await confirm.mutateAsync({ password })
    await release.mutateAsync({
      action: 'deactivate',
      reason: reason.trim(),
      ...subject,
    })
  }
  const ready = typed === name && reason.trim() !== '' && password !== ''
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('controls.releaseTitle', { scope: name })}
      description={t('controls.releaseText')}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          // Whatever fails is shown below.
          void submit().catch(() => undefined)
        }}
      >
        <Preview subject={subject} />
        <TextField
          label={t('controls.typeScope', { scope: name })}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <TextField
          label={t('controls.reason')}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <TextField
          label={t('login.password')}
          type="password"
          autoComplete="current-password"
          value={password}
          error={confirm.error ? t('confirmPassword.wrong') : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
        {failed && !confirm.error && (
          <Alert>
            {problemText(toProblem(failed), t)} {failed.message}
          </Alert>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            type="submit"
            variant="danger"
            pending={confirm.isPending || release.isPending}
            disabled={!ready}
          >
            {t('controls.release')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** What the release sets going, and what still holds: read before anything is typed. */
function Preview({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const preview = trpc.deck.killSwitch.releasePreview.useQuery(subject)
  return (
    <DataBlock query={preview} skeleton={<Skeleton className="h-16" />}>
      {({ data }) => (
        <div className="space-y-2 rounded-lg bg-raised px-3 py-2 text-sm">
          {data.strategies.length === 0 && <p>{t('controls.releaseNothing')}</p>}
          <ul className="space-y-1.5">
            {data.strategies.map((row) => (
              <li key={row.strategy_id}>
                <span className="font-medium">{row.name}</span>{' '}
                {row.would_trade ? (
                  <Badge tone="warn">{t('controls.tradesAgain')}</Badge>
                ) : (
                  <Badge>{row.is_active ? t('controls.staysBlocked') : t('strategyStatus.inactive')}</Badge>
                )}
                {row.blocks.map((block) => (
                  <span key={`${block.scope}|${block.code}`} className="block text-xs text-muted">
                    {block.message}
                    {block.until !== null &&
                      ` (${t('controls.blockUntil', { time: formatDateTime(block.until) })})`}
                  </span>
                ))}
              </li>
            ))}
          </ul>
          {data.rebased_peaks.map((peak) => (
            <p key={peak.scope} className="text-xs text-muted">
              {t('controls.rebase', {
                drawdown: formatDrawdown(peak.drawdown),
                equity: formatUsd(peak.equity),
              })}
            </p>
          ))}
        </div>
      )}
    </DataBlock>
  )
}

function useRelease(onClose: () => void) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  return trpc.v1.controls.killSwitch.useMutation({
    onSuccess({ data }) {
      toastSuccess(t('controls.released', { count: data.affected_strategies.length }))
      void utils.invalidate()
      onClose()
    },
  })
}
