import { type ReactNode, useState } from 'react'
import { trpc } from '../lib/trpc.ts'
import { PasswordField } from './confirm-fields.tsx'
import { FormDialog } from './form-dialog.tsx'

interface PasswordDialogProps {
  title: string
  description: string
  submitLabel: string
  danger?: boolean
  /** What it shows and asks for besides the password is read and filled in. */
  isReady?: boolean
  /** What becomes of the action itself. */
  acting?: { error: unknown; isPending: boolean }
  /** Runs when the password was right. */
  onConfirmed: () => unknown
  onClose: () => void
  children?: ReactNode
}

const NOT_ACTING = { error: null, isPending: false }

/** The password once more, at the end of a form: first it is confirmed, then the action runs. */
export function PasswordDialog({
  isReady = true,
  acting = NOT_ACTING,
  onConfirmed,
  children,
  ...dialog
}: PasswordDialogProps) {
  const [password, setPassword] = useState('')
  const confirm = trpc.deck.session.confirm.useMutation({ onSuccess: () => void onConfirmed() })
  return (
    <FormDialog
      {...dialog}
      sending={{
        error: confirm.error === null ? acting.error : null,
        isPending: confirm.isPending || acting.isPending,
      }}
      isReady={isReady && password !== ''}
      onSubmit={() => confirm.mutate({ password })}
    >
      {children}
      <PasswordField value={password} error={confirm.error} onChange={setPassword} />
    </FormDialog>
  )
}
