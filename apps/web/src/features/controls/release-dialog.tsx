import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReasonField, TypedNameField } from '../../components/confirm-fields.tsx'
import { PasswordDialog } from '../../components/password-dialog.tsx'
import { trpc } from '../../lib/trpc.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { ReleasePreview } from './release-preview.tsx'
import { nameOf, subjectOf, titleOf } from './scopes.ts'

interface ReleaseDialogProps {
  scope: { scope: string; level: string }
  onClose: () => void
}

/** Releasing is slow on purpose: the scope typed by hand, a reason, the password. */
export function ReleaseDialog({ scope: { scope }, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const name = nameOf(scope)
  const subject = subjectOf(scope)
  const release = useRelease(onClose)
  return (
    <PasswordDialog
      title={t('controls.releaseTitle', { scope: titleOf(scope, t) })}
      description={t('controls.releaseText')}
      submitLabel={t('controls.releaseConfirm')}
      danger
      isReady={typed === name && reason.trim() !== ''}
      acting={release}
      onConfirmed={() => release.mutate({ action: 'deactivate', reason: reason.trim(), ...subject })}
      onClose={onClose}
    >
      <ReleasePreview subject={subject} />
      <TypedNameField name={name} value={typed} onChange={setTyped} />
      <ReasonField value={reason} onChange={setReason} />
    </PasswordDialog>
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
