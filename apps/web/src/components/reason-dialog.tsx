import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './ui/button.tsx'
import { Dialog } from './ui/dialog.tsx'
import { TextField } from './ui/field.tsx'

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
export function ReasonDialog({
  title,
  description,
  confirmLabel,
  danger = false,
  pending,
  children,
  onConfirm,
  onClose,
}: ReasonDialogProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      {...(description !== undefined && { description })}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm(reason.trim())
        }}
      >
        {children}
        <TextField
          label={t('controls.reason')}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            type="submit"
            variant={danger ? 'danger' : 'primary'}
            pending={pending}
            disabled={reason.trim() === ''}
          >
            {confirmLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
