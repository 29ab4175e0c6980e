import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '../lib/errors.ts'
import { trpc } from '../lib/trpc.ts'
import { Button } from './ui/button.tsx'
import { Dialog } from './ui/dialog.tsx'
import { TextField } from './ui/field.tsx'

/**
 * Dangerous actions need a password typed within the last five minutes. `guard` runs one; where the server asks for
 * the password first, the dialog does, and the action goes on by itself.
 */
export function usePasswordGuard(): { guard: (action: () => Promise<unknown>) => void; dialog: ReactNode } {
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
    dialog: waiting && <PasswordDialog onConfirmed={confirmed} onClose={() => setWaiting(null)} />,
  }
}

/** The server's way of saying that only the confirmation is missing. */
export function asksForPassword(error: unknown): boolean {
  const problem = toProblem(error)
  return problem.code === 'FORBIDDEN' && problem.details.some((detail) => detail.field === 'session')
}

function PasswordDialog({ onConfirmed, onClose }: { onConfirmed: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const confirm = trpc.deck.session.confirm.useMutation({ onSuccess: onConfirmed })
  const problem = confirm.error && toProblem(confirm.error)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('confirmPassword.title')}
      description={t('confirmPassword.text')}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate({ password })
        }}
      >
        <TextField
          label={t('login.password')}
          type="password"
          autoComplete="current-password"
          value={password}
          error={problem ? passwordProblem() : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" pending={confirm.isPending} disabled={password === ''}>
            {t('confirmPassword.submit')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
  function passwordProblem(): string {
    if (problem === null || problem === undefined) return ''
    return problem.code === 'FORBIDDEN' ? t('confirmPassword.wrong') : problemText(problem, t)
  }
}
