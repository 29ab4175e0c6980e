import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { ReleasePreview } from './release-preview.tsx'
import { nameOf, subjectOf } from './scopes.ts'

interface ReleaseDialogProps {
  scope: { scope: string; level: string }
  onClose: () => void
}

/** Releasing is slow on purpose: the scope typed by hand, a reason, the password. */
export function ReleaseDialog({ scope, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [password, setPassword] = useState('')
  const name = nameOf(scope.scope)
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
        <ReleasePreview subject={subject} />
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

function useRelease(onClose: () => void) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  return trpc.v1.controls.killSwitch.useMutation({
    onSuccess({ data, status }) {
      if (status === 'approval_required') toastSuccess(t('controls.releaseAsked'))
      else toastSuccess(t('controls.released', { count: data.affected_strategies.length }))
      void utils.invalidate()
      onClose()
    },
  })
}
