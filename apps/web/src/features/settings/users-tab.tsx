import { ROLES, USER_STATUSES } from '@quantdeck/contracts'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asksForPassword, usePasswordGuard } from '../../components/confirm-password.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Confirm } from '../../components/ui/dialog.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatMinute } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { NewUser } from './new-user.tsx'

type Row = Outputs['deck']['users']['list']['data'][number]

/** What an admin is about to change of somebody, said before it happens. */
interface Change {
  user: Row
  role?: Row['role']
  status?: Row['status']
}

export function UsersTab() {
  const { t } = useTranslation()
  const me = useUser()
  const [creating, setCreating] = useState(false)
  const [change, setChange] = useState<Change | null>(null)
  const admin = me?.role === 'admin'
  const users = trpc.deck.users.list.useQuery({}, { retry: false })
  const columns = useColumns(setChange)
  return (
    <Card
      title={t('settings.tab.users')}
      description={t('users.text')}
      actions={
        <Button
          variant="primary"
          disabled={!admin}
          title={admin ? undefined : t('users.adminOnly')}
          onClick={() => setCreating(true)}
        >
          <UserPlus aria-hidden className="size-4" /> {t('users.new')}
        </Button>
      }
    >
      <DataBlock query={users}>
        {({ data }) => (
          <DataTable
            label={t('settings.tab.users')}
            rows={data}
            rowKey={(row) => row.user_id}
            columns={columns}
          />
        )}
      </DataBlock>
      {creating && <NewUser onClose={() => setCreating(false)} />}
      {change && <ConfirmChange change={change} onClose={() => setChange(null)} />}
    </Card>
  )
}

function useColumns(onChange: (change: Change) => void): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'email',
      header: t('login.email'),
      sortValue: (row) => row.email,
      cell: (row) => (
        <>
          <span className="font-medium">{row.email}</span>
          {row.name !== '' && (
            <span translate="no" className="block text-xs text-muted">
              {row.name}
            </span>
          )}
        </>
      ),
    },
    {
      id: 'role',
      header: t('settings.role'),
      sortValue: (row) => ROLES.indexOf(row.role),
      cell: (row) => (
        <select
          aria-label={`${row.email}: ${t('settings.role')}`}
          value={row.role}
          onChange={(event) => onChange({ user: row, role: event.target.value as Row['role'] })}
          className="h-8 rounded-lg border border-line-strong bg-surface px-2 text-xs"
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      ),
    },
    {
      id: 'status',
      header: t('field.status'),
      sortValue: (row) => USER_STATUSES.indexOf(row.status),
      cell: (row) => (
        <Badge tone={row.status === 'active' ? 'ok' : 'neutral'}>{t(`userStatus.${row.status}`)}</Badge>
      ),
    },
    {
      id: 'since',
      header: t('settings.since'),
      sortValue: (row) => row.created_at,
      cell: (row) => formatMinute(row.created_at),
    },
    {
      id: 'actions',
      header: t('table.actions'),
      cell: (row) => (
        <Button
          size="sm"
          onClick={() => onChange({ user: row, status: row.status === 'active' ? 'disabled' : 'active' })}
        >
          {row.status === 'active' ? t('users.disable') : t('users.enable')}
        </Button>
      ),
    },
  ]
}

function ConfirmChange({ change, onClose }: { change: Change; onClose: () => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const { user, role, status } = change
  const action = useAction(t('users.changed', { email: user.email }), () => utils.deck.users.invalidate())
  const update = trpc.deck.users.update.useMutation({
    onSuccess() {
      action.onSuccess()
      onClose()
    },
    onError(error) {
      if (!asksForPassword(error)) action.onError(error)
    },
  })
  const { guard, dialog } = usePasswordGuard()
  const send = () =>
    update.mutateAsync({ user_id: user.user_id, ...(role && { role }), ...(status && { status }) })
  if (dialog !== null) return dialog
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={
        role === undefined
          ? t(status === 'active' ? 'users.enableTitle' : 'users.disableTitle', { email: user.email })
          : t('users.roleTitle', { email: user.email, role: t(`role.${role}`) })
      }
      description={
        role === undefined
          ? t(status === 'active' ? 'users.enableText' : 'users.disableText')
          : t(`roleText.${role}`)
      }
      confirmLabel={t('users.confirm')}
      danger={status === 'disabled'}
      pending={update.isPending}
      onConfirm={() => guard(send)}
    />
  )
}
