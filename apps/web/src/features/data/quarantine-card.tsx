import { Check, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { Badge, type Tone } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { useOffline } from '../../lib/feed.ts'
import { formatMinute } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { ConfigList } from '../strategies/config-list.tsx'

type Row = Outputs['deck']['marketData']['listQuarantine']['data'][number]
type Status = Row['status']

interface Filters {
  status?: Status | undefined
  page?: number | undefined
}

interface QuarantineCardProps {
  filters: Filters
  onChange: (filters: Filters) => void
}

const TONE: Record<Status, Tone> = { PENDING: 'watch', ACCEPTED: 'ok', DROPPED: 'neutral' }

/** Bars that made no sense: a person takes or drops each, with a reason. */
export function QuarantineCard({ filters, onChange }: QuarantineCardProps) {
  const { t } = useTranslation()
  const { status, page = 1 } = filters
  const [deciding, setDeciding] = useState<{ row: Row; decision: 'accept' | 'drop' } | null>(null)
  const bars = trpc.deck.marketData.listQuarantine.useQuery(
    { status, page, per_page: 20 },
    { placeholderData: (previous) => previous, refetchInterval: 30_000 },
  )
  const columns = useColumns((row, decision) => setDeciding({ row, decision }))
  return (
    <Card
      title={t('data.quarantine')}
      description={t('data.quarantineText')}
      actions={
        <Segmented
          label={t('field.status')}
          value={status ?? 'all'}
          options={[
            ['all', t('period.all')],
            ['PENDING', t('quarantineStatus.PENDING')],
            ['ACCEPTED', t('quarantineStatus.ACCEPTED')],
            ['DROPPED', t('quarantineStatus.DROPPED')],
          ]}
          onChange={(value) => onChange({ status: value === 'all' ? undefined : value, page: undefined })}
        />
      }
    >
      <DataBlock
        query={bars}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('data.quarantineEmpty') }}
      >
        {({ data, meta }) => (
          <DataTable
            label={t('data.quarantine')}
            rows={data}
            rowKey={(row) => row.quarantine_id}
            columns={columns}
            detail={(row) => <Raw raw={row.raw} />}
            paging={pagingOf(meta, (next) => onChange({ page: next }))}
          />
        )}
      </DataBlock>
      {deciding && <Decide {...deciding} onClose={() => setDeciding(null)} />}
    </Card>
  )
}

function Raw({ raw }: { raw: Row['raw'] }) {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return <code>{JSON.stringify(raw)}</code>
  return (
    <div className="max-w-md">
      <ConfigList config={raw} />
    </div>
  )
}

function useColumns(onDecide: (row: Row, decision: 'accept' | 'drop') => void): Column<Row>[] {
  const { t } = useTranslation()
  const offline = useOffline()
  const role = useUser()?.role
  const blocked = offline
    ? t('strategies.offlineBlocks')
    : role === 'viewer'
      ? t('errors.FORBIDDEN')
      : undefined
  return [
    {
      id: 'symbol',
      header: t('field.symbol'),
      cell: (row) => <span className="font-medium">{row.symbol}</span>,
    },
    { id: 'time', header: t('field.time'), cell: (row) => formatMinute(row.opened_at) },
    {
      id: 'reason',
      header: t('data.reason'),
      wide: true,
      cell: (row) => (
        <>
          <code className="text-xs">{row.reason}</code>
          <span className="block text-sm text-muted">{row.detail}</span>
        </>
      ),
    },
    {
      id: 'status',
      header: t('field.status'),
      cell: (row) => <Badge tone={TONE[row.status]}>{t(`quarantineStatus.${row.status}`)}</Badge>,
    },
    {
      id: 'decide',
      header: t('table.actions'),
      cell: (row) =>
        row.status === 'PENDING' && (
          <span className="inline-flex gap-1.5">
            <Button
              size="sm"
              disabled={blocked !== undefined}
              title={blocked}
              onClick={() => onDecide(row, 'accept')}
            >
              <Check aria-hidden className="size-3.5" /> {t('data.accept')}
            </Button>
            <Button
              size="sm"
              disabled={blocked !== undefined}
              title={blocked}
              onClick={() => onDecide(row, 'drop')}
            >
              <X aria-hidden className="size-3.5" /> {t('data.drop')}
            </Button>
          </span>
        ),
    },
  ]
}

interface DecideProps {
  row: Row
  decision: 'accept' | 'drop'
  onClose: () => void
}

function Decide({ row, decision, onClose }: DecideProps) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const done = useAction(decision === 'accept' ? t('data.accepted') : t('data.dropped'), () => {
    void utils.deck.marketData.invalidate()
    onClose()
  })
  const accept = trpc.deck.marketData.acceptQuarantined.useMutation(done)
  const drop = trpc.deck.marketData.dropQuarantined.useMutation(done)
  const mutation = decision === 'accept' ? accept : drop
  return (
    <ReasonDialog
      title={decision === 'accept' ? t('data.acceptTitle') : t('data.dropTitle')}
      description={decision === 'accept' ? t('data.acceptText') : t('data.dropText')}
      confirmLabel={decision === 'accept' ? t('data.accept') : t('data.drop')}
      danger={decision === 'drop'}
      pending={mutation.isPending}
      onClose={onClose}
      onConfirm={(reason) => mutation.mutate({ quarantine_id: row.quarantine_id, reason })}
    >
      <Raw raw={row.raw} />
    </ReasonDialog>
  )
}
