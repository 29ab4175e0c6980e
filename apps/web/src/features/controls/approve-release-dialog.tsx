import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import type { Release } from './release-requests.tsx'
import { ReleasePreview } from './release-preview.tsx'
import { nameOf, subjectOf } from './scopes.ts'

/** The second pair of eyes sees the same as the first, and types the password as well. */
export function ApproveReleaseDialog({ release, onClose }: { release: Release; onClose: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const utils = trpc.useUtils()
  const confirm = trpc.deck.session.confirm.useMutation()
  const approve = trpc.deck.approvals.approve.useMutation({
    onSuccess() {
      toastSuccess(t('controls.releaseDone', { scope: nameOf(release.scope) }))
      void utils.invalidate()
      onClose()
    },
  })
  const submit = async () => {
    await confirm.mutateAsync({ password })
    await approve.mutateAsync({ approval_id: release.approval_id })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('controls.approveRelease', { scope: nameOf(release.scope) })}
      description={t('controls.approveReleaseText', { who: release.requested_by })}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          // Whatever fails is shown below.
          void submit().catch(() => undefined)
        }}
      >
        <ReleasePreview subject={subjectOf(release.scope)} />
        <TextField
          label={t('login.password')}
          type="password"
          autoComplete="current-password"
          value={password}
          error={confirm.error ? t('confirmPassword.wrong') : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
        {approve.error && (
          <Alert>
            {problemText(toProblem(approve.error), t)} {approve.error.message}
          </Alert>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            type="submit"
            variant="danger"
            pending={confirm.isPending || approve.isPending}
            disabled={password === ''}
          >
            {t('controls.approveAndRelease')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
