import { RefreshCw, Send, Webhook } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePasswordGuard, asksForPassword } from '../../components/confirm-password.tsx'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { Severity } from '../../components/severity.tsx'
import { Badge, type Tone } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatMinute } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { NewWebhook } from './new-webhook.tsx'

type Row = Outputs['deck']['webhooks']['list']['data'][number]
type Delivery = Outputs['deck']['webhooks']['listDeliveries']['data'][number]

/** Where alerts are sent to, and what became of each message. */
export function WebhooksTab() {
  const { t } = useTranslation()
  const [creating, setCreating] = useState(false)
  const admin = useUser()?.role === 'admin'
  const webhooks = trpc.deck.webhooks.list.useQuery({}, { retry: false, refetchInterval: 30_000 })
  const columns = useColumns()
  const create = (
    <Button
      variant="primary"
      disabled={!admin}
      title={admin ? undefined : t('webhooks.adminOnly')}
      onClick={() => setCreating(true)}
    >
      <Webhook aria-hidden className="size-4" /> {t('webhooks.new')}
    </Button>
  )
  return (
    <Card title={t('settings.tab.webhooks')} description={t('webhooks.text')} actions={create}>
      <DataBlock
        query={webhooks}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('webhooks.empty'), text: t('webhooks.emptyText'), action: create }}
      >
        {({ data }) => (
          <DataTable
            label={t('settings.tab.webhooks')}
            rows={data}
            rowKey={(row) => row.webhook_id}
            columns={columns}
            detail={(row) => <Deliveries webhookId={row.webhook_id} />}
          />
        )}
      </DataBlock>
      {creating && <NewWebhook onClose={() => setCreating(false)} />}
    </Card>
  )
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('settings.name'),
      cell: (row) => (
        <>
          <span className="font-medium">{row.name}</span>
          <span className="block text-xs text-muted">{row.url_hint}</span>
        </>
      ),
    },
    { id: 'format', header: t('webhooks.format'), cell: (row) => t(`webhookFormat.${row.format}`) },
    {
      id: 'from',
      header: t('webhooks.from'),
      cell: (row) => <Severity severity={row.min_severity} />,
    },
    {
      id: 'state',
      header: t('field.status'),
      cell: (row) =>
        row.enabled ? (
          <Badge tone="ok">{t('webhooks.on')}</Badge>
        ) : (
          <Badge title={row.disabled_reason ?? undefined}>{t('webhooks.off')}</Badge>
        ),
    },
    { id: 'actions', header: t('table.actions'), cell: (row) => <Actions row={row} /> },
  ]
}

function Actions({ row }: { row: Row }) {
  const { t } = useTranslation()
  const admin = useUser()?.role === 'admin'
  const utils = trpc.useUtils()
  const refresh = () => utils.deck.webhooks.invalidate()
  const { guard, dialog } = usePasswordGuard()
  const test = trpc.deck.webhooks.test.useMutation(useAction(t('webhooks.tested'), refresh))
  const changed = useAction(t('webhooks.changed', { name: row.name }), refresh)
  const update = trpc.deck.webhooks.update.useMutation({
    onSuccess: () => changed.onSuccess(),
    onError(error) {
      if (!asksForPassword(error)) changed.onError(error)
    },
  })
  const blocked = admin ? undefined : t('webhooks.adminOnly')
  return (
    <span className="inline-flex flex-wrap gap-1.5">
      <Button
        size="sm"
        pending={test.isPending}
        disabled={!admin || !row.enabled}
        title={blocked}
        onClick={() => test.mutate({ webhook_id: row.webhook_id })}
      >
        <Send aria-hidden className="size-3.5" /> {t('webhooks.test')}
      </Button>
      <Button
        size="sm"
        pending={update.isPending}
        disabled={!admin}
        title={blocked}
        onClick={() => guard(() => update.mutateAsync({ webhook_id: row.webhook_id, enabled: !row.enabled }))}
      >
        {row.enabled ? t('webhooks.disable') : t('webhooks.enable')}
      </Button>
      {dialog}
    </span>
  )
}

const TONE: Record<Delivery['status'], Tone> = { PENDING: 'watch', DELIVERED: 'ok', FAILED: 'bad' }

function Deliveries({ webhookId }: { webhookId: string }) {
  const { t } = useTranslation()
  const [page, setPage] = useState(1)
  const deliveries = trpc.deck.webhooks.listDeliveries.useQuery(
    { webhook_id: webhookId, page, per_page: 10 },
    { placeholderData: (previous) => previous, refetchInterval: 5_000 },
  )
  const columns: Column<Delivery>[] = [
    { id: 'created', header: t('field.time'), cell: (row) => <Age at={row.created_at} /> },
    { id: 'event', header: t('webhooks.event'), cell: (row) => <code className="text-xs">{row.event}</code> },
    {
      id: 'status',
      header: t('field.status'),
      cell: (row) => <Badge tone={TONE[row.status]}>{t(`deliveryStatus.${row.status}`)}</Badge>,
    },
    { id: 'attempts', header: t('webhooks.attempts'), align: 'right', cell: (row) => row.attempts },
    {
      id: 'last',
      header: t('webhooks.answer'),
      wide: true,
      cell: (row) => (
        <span className="text-xs text-muted">
          {/* As the log of the server has it, or the receiver said it. */}
          <span translate="no">
            {[row.last_status, row.last_error].filter((part) => part !== null).join(' · ') || '–'}
          </span>
          {row.next_attempt_at !== null &&
            ` · ${t('webhooks.next', { time: formatMinute(row.next_attempt_at) })}`}
        </span>
      ),
    },
    {
      id: 'again',
      header: t('table.actions'),
      cell: (row) => <Redeliver webhookId={webhookId} row={row} />,
    },
  ]
  return (
    <DataBlock
      query={deliveries}
      isEmpty={({ data }) => data.length === 0}
      empty={{ title: t('webhooks.noDeliveries') }}
    >
      {({ data, meta }) => (
        <DataTable
          label={t('webhooks.deliveries')}
          rows={data}
          rowKey={(row) => row.delivery_id}
          columns={columns}
          paging={pagingOf(meta, setPage)}
        />
      )}
    </DataBlock>
  )
}

function Redeliver({ webhookId, row }: { webhookId: string; row: Delivery }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const redeliver = trpc.deck.webhooks.redeliver.useMutation(
    useAction(t('webhooks.again'), () => utils.deck.webhooks.invalidate()),
  )
  if (row.status === 'PENDING') return null
  return (
    <Button
      size="sm"
      pending={redeliver.isPending}
      onClick={() => redeliver.mutate({ webhook_id: webhookId, delivery_id: row.delivery_id })}
    >
      <RefreshCw aria-hidden className="size-3.5" /> {t('webhooks.redeliver')}
    </Button>
  )
}
