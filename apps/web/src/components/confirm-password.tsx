import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { toProblem } from '../lib/errors.ts'
import { PasswordDialog } from './password-dialog.tsx'

/**
 * Dangerous actions need a password typed within the last five minutes. `guard` runs one; where the server asks for
 * the password first, the dialog does, and the action goes on by itself.
 */
export function usePasswordGuard(): { guard: (action: () => Promise<unknown>) => void; dialog: ReactNode } {
  const { t } = useTranslation()
  const [waiting, setWaiting] = useState<(() => Promise<unknown>) | null>(null)
  const run = async (action: () => Promise<unknown>) => {
    try {
      await action()
    } catch (error) {
      // Whatever else failed is shown by the action's own mutation.
      if (asksForPassword(error)) setWaiting(() => action)
    }
  }
  const confirmed = () => {
    const action = waiting
    setWaiting(null)
    if (action) void run(action)
  }
  return {
    guard: (action) => void run(action),
    dialog: waiting && (
      <PasswordDialog
        title={t('confirmPassword.title')}
        description={t('confirmPassword.text')}
        submitLabel={t('confirmPassword.submit')}
        onConfirmed={confirmed}
        onClose={() => setWaiting(null)}
      />
    ),
  }
}

/** The server's way of saying that only the confirmation is missing. */
export function asksForPassword(error: unknown): boolean {
  const problem = toProblem(error)
  return problem.code === 'FORBIDDEN' && problem.details.some((detail) => detail.field === 'session')
}
