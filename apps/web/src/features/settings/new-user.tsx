import { deck, ROLES } from '@quantdeck/contracts'
import { useTranslation } from 'react-i18next'
import { Sheet } from '../../components/ui/dialog.tsx'
import { SelectField, TextField } from '../../components/ui/field.tsx'
import type { Inputs } from '../../lib/app-router.ts'
import { useContractForm } from '../../lib/contract-form.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { GuardedForm } from './guarded-form.tsx'

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
  const role = form.watch('role')
  return (
    <GuardedForm form={form} create={create} submitLabel={t('users.create')}>
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
    </GuardedForm>
  )
}
