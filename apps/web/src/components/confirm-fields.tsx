import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '../lib/errors.ts'
import { TextField } from './ui/field.tsx'

interface ConfirmFieldProps {
  value: string
  onChange: (value: string) => void
}

/** What the audit log keeps beside an action. */
export function ReasonField({ value, onChange }: ConfirmFieldProps) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('controls.reason')}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

/** Typed by hand, so that nobody means another one. */
export function TypedNameField({ name, value, onChange }: ConfirmFieldProps & { name: string }) {
  const { t } = useTranslation()
  return (
    <TextField
      label={t('controls.typeScope', { scope: name })}
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

/** @param error what the server said to the password that was sent; null: nothing yet */
export function PasswordField({ value, error, onChange }: ConfirmFieldProps & { error: unknown }) {
  const { t } = useTranslation()
  const problem = error === null ? null : toProblem(error)
  const refusal =
    problem && (problem.code === 'FORBIDDEN' ? t('confirmPassword.wrong') : problemText(problem, t))
  return (
    <TextField
      label={t('login.password')}
      type="password"
      autoComplete="current-password"
      value={value}
      error={refusal ?? undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
