import { useState, type ReactNode } from 'react'
import { ReasonField } from './confirm-fields.tsx'
import { FormDialog } from './form-dialog.tsx'

interface ReasonDialogProps {
  title: string
  description?: string
  confirmLabel: string
  danger?: boolean
  pending: boolean
  /** What will happen, above the reason. */
  children?: ReactNode
  onConfirm: (reason: string) => void
  onClose: () => void
}

/** Asks for the reason that the audit log keeps, then does it. */
export function ReasonDialog({ confirmLabel, pending, children, onConfirm, ...dialog }: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      {...dialog}
      submitLabel={confirmLabel}
      // Whoever opened it says why it failed.
      sending={{ error: null, isPending: pending }}
      isReady={reason.trim() !== ''}
      onSubmit={() => onConfirm(reason.trim())}
    >
      {children}
      <ReasonField value={reason} onChange={setReason} />
    </FormDialog>
  )
}
