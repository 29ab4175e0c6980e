import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Refusal } from './refusal.tsx'
import { Button } from './ui/button.tsx'
import { Dialog } from './ui/dialog.tsx'

interface DialogFormProps {
  /** What becomes of what was sent; a refusal stands above the buttons. */
  sending: { error: unknown; isPending: boolean }
  submitLabel: string
  danger?: boolean
  /** Everything that it asks for is filled in. */
  isReady: boolean
  /** Why this reader cannot send it at all. */
  blocked?: string | null
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** The form of a dialog: its fields, why it was refused, a way out and the one that does it. */
export function DialogForm({
  sending,
  submitLabel,
  danger = false,
  isReady,
  blocked = null,
  onSubmit,
  onClose,
  children,
}: DialogFormProps) {
  const { t } = useTranslation()
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      {sending.error !== null && <Refusal error={sending.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button
          type="submit"
          variant={danger ? 'danger' : 'primary'}
          pending={sending.isPending}
          disabled={!isReady || blocked !== null}
          title={blocked ?? undefined}
        >
          {submitLabel}
        </Button>
      </div>
    </form>
  )
}

interface FormDialogProps extends DialogFormProps {
  title: string
  description?: string | undefined
}

/** A dialog that is nothing but its form. */
export function FormDialog({ title, description, ...form }: FormDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && form.onClose()}
      title={title}
      {...(description !== undefined && { description })}
    >
      <DialogForm {...form} />
    </Dialog>
  )
}
