import { deck, ROLES } from '@quantdeck/contracts'
import { useTranslation } from 'react-i18next'
import { asksForPassword, usePasswordGuard } from '../../components/confirm-password.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import type { Inputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { problemText, toProblem } from '../../lib/errors.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'

interface UserForm {
  email: string
  name: string
  password: string
  role: (typeof ROLES)[number]
}

export function NewUser({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('users.new')}
      description={t('users.newText')}
    >
      <UserFields onClose={onClose} />
    </Sheet>
  )
}

function UserFields({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const form = useContractForm<UserForm, Inputs['deck']['users']['create']>(deck.users.create.input, {
    email: '',
    name: '',
    password: '',
    role: 'viewer',
  })
  const create = trpc.deck.users.create.useMutation({
    onSuccess({ data }) {
      toastSuccess(t('users.created', { email: data.email }))
      void utils.deck.users.invalidate()
      onClose()
    },
  })
  const { guard, dialog } = usePasswordGuard()
  const problem = create.error && !asksForPassword(create.error) ? toProblem(create.error) : null
  const role = form.watch('role')
  return (
    <>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => void form.submit((input) => guard(() => create.mutateAsync(input)))(event)}
      >
        <TextField
          label={t('login.email')}
          type="email"
          autoComplete="off"
          error={form.errorOf('email')}
          {...form.register('email')}
        />
        <TextField label={t('settings.name')} error={form.errorOf('name')} {...form.register('name')} />
        <SelectField label={t('settings.role')} hint={t(`roleText.${role}`)} {...form.register('role')}>
          {ROLES.map((value) => (
            <option key={value} value={value}>
              {t(`role.${value}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t('users.password')}
          type="password"
          autoComplete="new-password"
          hint={t('settings.passwordHint')}
          error={form.errorOf('password')}
          {...form.register('password')}
        />
        {problem && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad-ink">
            {problemText(problem, t)} {problem.details.map((detail) => detail.message).join(' ')}
          </p>
        )}
        <Button type="submit" variant="primary" className="w-full" pending={create.isPending}>
          {t('users.create')}
        </Button>
      </form>
      {dialog}
    </>
  )
}
