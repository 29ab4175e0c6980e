import { useTranslation } from 'react-i18next'
import { PasswordDialog } from '../../components/password-dialog.tsx'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import type { Release } from './release-requests.tsx'
import { ReleasePreview } from './release-preview.tsx'
import { subjectOf, titleOf } from './scopes.ts'

/** The second pair of eyes sees the same as the first, and types the password as well. */
export function ApproveReleaseDialog({ release, onClose }: { release: Release; onClose: () => void }) {
  const { t } = useTranslation()
  const scope = titleOf(release.scope, t)
  const utils = trpc.useUtils()
  const approve = trpc.deck.approvals.approve.useMutation({
    onSuccess() {
      toastSuccess(t('controls.releaseDone', { scope }))
      void utils.invalidate()
      onClose()
    },
  })
  return (
    <PasswordDialog
      title={t('controls.approveRelease', { scope })}
      description={t('controls.approveReleaseText', { who: release.requested_by })}
      submitLabel={t('controls.approveAndRelease')}
      danger
      acting={approve}
      onConfirmed={() => approve.mutate({ approval_id: release.approval_id })}
      onClose={onClose}
    >
      <ReleasePreview subject={subjectOf(release.scope)} />
    </PasswordDialog>
  )
}
