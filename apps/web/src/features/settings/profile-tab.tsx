import { deck } from '@quantdeck/contracts'
import { useTranslation } from 'react-i18next'
import { Alert } from '../../components/ui/alert.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { useContractForm } from '../../lib/contract-form.ts'
import { problemText, toProblem } from '../../lib/errors.ts'
import { useUser } from '../../lib/session.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'

export function ProfileTab() {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Card title={t('settings.you')}>
        <dl className="divide-y text-sm">
          <Fact name={t('login.email')}>{user?.email}</Fact>
          <Fact name={t('settings.name')}>
            <span translate="no">{user?.name || '–'}</span>
          </Fact>
          <Fact name={t('settings.role')}>{user && t(`role.${user.role}`)}</Fact>
        </dl>
        {user && <p className="mt-3 text-sm text-muted">{t(`roleText.${user.role}`)}</p>}
      </Card>
      <PasswordCard />
    </div>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-4 py-2">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words text-right">{children}</dd>
    </div>
  )
}

interface PasswordForm {
  current_password: string
  new_password: string
}

function PasswordCard() {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const form = useContractForm<PasswordForm, { current_password: string; new_password: string }>(
    deck.session.changePassword.input,
    { current_password: '', new_password: '' },
  )
  const change = trpc.deck.session.changePassword.useMutation({
    onSuccess({ data }) {
      toastSuccess(t('settings.passwordChanged', { count: data.ended_sessions }))
      form.reset()
      void utils.deck.sessions.invalidate()
    },
  })
  const problem = change.error && toProblem(change.error)
  return (
    <Card title={t('settings.password')} description={t('settings.passwordText')}>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => void form.submit((input) => change.mutate(input))(event)}
      >
        <TextField
          label={t('settings.passwordCurrent')}
          type="password"
          autoComplete="current-password"
          error={form.errorOf('current_password')}
          {...form.register('current_password')}
        />
        <TextField
          label={t('settings.passwordNew')}
          type="password"
          autoComplete="new-password"
          hint={t('settings.passwordHint')}
          error={form.errorOf('new_password') ?? detailOf('new_password')}
          {...form.register('new_password')}
        />
        {problem && (
          <Alert>{problem.code === 'FORBIDDEN' ? t('confirmPassword.wrong') : problemText(problem, t)}</Alert>
        )}
        <Button type="submit" variant="primary" pending={change.isPending}>
          {t('settings.passwordChange')}
        </Button>
      </form>
    </Card>
  )
  function detailOf(field: string): string | undefined {
    return problem?.details.find((detail) => detail.field === field)?.message
  }
}
