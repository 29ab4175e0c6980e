import type { BaseSyntheticEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { asksForPassword, usePasswordGuard } from '../../components/confirm-password.tsx'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'

interface GuardedFormProps<Input> {
  form: { submit: (send: (input: Input) => void) => (event: BaseSyntheticEvent) => Promise<void> }
  create: { error: unknown; isPending: boolean; mutateAsync: (input: Input) => Promise<unknown> }
  submitLabel: string
  children: ReactNode
}

/** A form that makes something dangerous: it may ask for the password first, and says why it was refused. */
export function GuardedForm<Input>({ form, create, submitLabel, children }: GuardedFormProps<Input>) {
  const { t } = useTranslation()
  const { guard, dialog } = usePasswordGuard()
  const refused = create.error !== null && !asksForPassword(create.error)
  const problem = refused ? toProblem(create.error) : null
  return (
    <>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => void form.submit((input) => guard(() => create.mutateAsync(input)))(event)}
      >
        {children}
        {problem && (
          <Alert>
            {problemText(problem, t)} {problem.details.map((detail) => detail.message).join(' ')}
          </Alert>
        )}
        <Button type="submit" variant="primary" className="w-full" pending={create.isPending}>
          {submitLabel}
        </Button>
      </form>
      {dialog}
    </>
  )
}
