import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Confirm } from '../../components/ui/dialog.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatMinute } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { NewKey } from './new-key.tsx'

type Row = Outputs['deck']['apiKeys']['list']['data'][number]

export function KeysTab() {
  const { t } = useTranslation()
  const [creating, setCreating] = useState(false)
  const keys = trpc.deck.apiKeys.list.useQuery({})
  const columns = useColumns()
  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <KeyRound aria-hidden className="size-4" /> {t('apiKeys.new')}
    </Button>
  )
  return (
    <Card title={t('settings.tab.keys')} description={t('apiKeys.text')} actions={create}>
      <DataBlock
        query={keys}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('apiKeys.empty'), text: t('apiKeys.emptyText'), action: create }}
      >
        {({ data }) => (
          <DataTable
            label={t('settings.tab.keys')}
            rows={data}
            rowKey={(row) => row.api_key_id}
            columns={columns}
          />
        )}
      </DataBlock>
      {creating && <NewKey onClose={() => setCreating(false)} />}
    </Card>
  )
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('settings.name'),
      sortValue: (row) => row.name,
      cell: (row) => (
        <>
          <span className="font-medium">{row.name}</span>
          <code className="block text-xs text-muted">{row.prefix}…</code>
        </>
      ),
    },
    {
      id: 'scopes',
      header: t('apiKeys.scopes'),
      cell: (row) => (
        <span className="flex flex-wrap gap-1">
          {row.scopes.map((scope) => (
            <Badge key={scope} tone={scope === 'admin' ? 'warn' : 'neutral'}>
              {t(`scope.${scope}`)}
            </Badge>
          ))}
        </span>
      ),
    },
    {
      id: 'limits',
      header: t('apiKeys.limits'),
      cell: (row) => (
        <span className="text-xs text-muted">
          {row.strategy_ids === null ? t('apiKeys.allStrategies') : row.strategy_ids.join(', ')}
          <br />
          {row.ip_allow_list === null ? t('apiKeys.anyAddress') : row.ip_allow_list.join(', ')}
        </span>
      ),
    },
    {
      id: 'used',
      header: t('apiKeys.lastUsed'),
      cell: (row) =>
        row.last_used_at === null ? (
          <span className="text-muted">{t('apiKeys.never')}</span>
        ) : (
          <Age at={row.last_used_at} />
        ),
    },
    { id: 'state', header: t('field.status'), cell: (row) => <State row={row} /> },
    { id: 'revoke', header: t('table.actions'), cell: (row) => <Revoke row={row} /> },
  ]
}

function isExpired(row: Row): boolean {
  return row.expires_at !== null && new Date(row.expires_at).getTime() <= serverNow()
}

function State({ row }: { row: Row }) {
  const { t } = useTranslation()
  if (row.revoked_at !== null) {
    return <Badge tone="bad">{t('apiKeys.revoked', { time: formatMinute(row.revoked_at) })}</Badge>
  }
  if (row.expires_at === null) return <Badge tone="ok">{t('apiKeys.noExpiry')}</Badge>
  const time = formatMinute(row.expires_at)
  return isExpired(row) ? (
    <Badge tone="bad">{t('apiKeys.expired', { time })}</Badge>
  ) : (
    <Badge tone="ok">{t('apiKeys.until', { time })}</Badge>
  )
}

function Revoke({ row }: { row: Row }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const utils = trpc.useUtils()
  const revoke = trpc.deck.apiKeys.revoke.useMutation({
    ...useAction(t('apiKeys.revokedDone', { name: row.name }), () => utils.deck.apiKeys.invalidate()),
    onSettled: () => setAsking(false),
  })
  if (row.revoked_at !== null) return null
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        {t('apiKeys.revoke')}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('apiKeys.revokeTitle', { name: row.name })}
        description={t('apiKeys.revokeText')}
        confirmLabel={t('apiKeys.revoke')}
        danger
        pending={revoke.isPending}
        onConfirm={() => revoke.mutate({ api_key_id: row.api_key_id })}
      />
    </>
  )
}
