import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { Figure } from '../../components/figure.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Change } from '../../components/pnl.tsx'
import { SideLabel } from '../../components/side-label.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime, formatPrice, formatQuantity, formatUsd } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { BracketBar } from './bracket-bar.tsx'
import { heldFor, sideOf } from './position-columns.tsx'

export type PositionDetail = Outputs['v1']['positions']['get']['data']

export function PositionPage() {
  const { t } = useTranslation()
  const { positionId } = useParams({ from: '/deck/positions/$positionId' })
  const position = trpc.v1.positions.get.useQuery({ position_id: positionId }, { refetchInterval: 5_000 })
  const data = position.data?.data
  return (
    <Page
      title={data ? `${data.symbol} · ${data.strategy_id}` : t('positions.detail')}
      description={<BackLink to="/positions">{t('positions.back')}</BackLink>}
      actions={data && <ModeBadge mode={data.mode} />}
    >
      <DataBlock query={position} staleAfterMs={30_000} skeleton={<Skeleton className="h-72 rounded-xl" />}>
        {({ data: detail }) => (
          <div className="space-y-4">
            <Figures detail={detail} />
            <Card title={t('positions.bracket')}>
              <BracketBar detail={detail} />
            </Card>
            <Entries detail={detail} />
          </div>
        )}
      </DataBlock>
    </Page>
  )
}

function Figures({ detail }: { detail: PositionDetail }) {
  const { t } = useTranslation()
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 md:grid-cols-4">
        <Figure label={t('field.unrealised')}>
          <Change value={detail.unrealized_pnl} />
        </Figure>
        <Figure label={`${t('field.unrealised')} %`}>
          <Change value={detail.unrealized_pnl_pct} unit="percent" />
        </Figure>
        <Figure label={t('field.marketValue')}>{formatUsd(detail.market_value)}</Figure>
        <Figure label={t('field.side')}>
          <SideLabel side={sideOf(detail.quantity)} />
        </Figure>
        <Figure label={t('field.quantity')}>{formatQuantity(detail.quantity)}</Figure>
        <Figure label={t('field.averageEntry')}>{formatPrice(detail.average_entry_price, 2, 4)}</Figure>
        <Figure label={t('field.current')}>{formatPrice(detail.current_price, 2, 4)}</Figure>
        <Figure label={t('field.held')}>{heldFor(detail.opened_at)}</Figure>
      </dl>
      <p className="mt-4 flex flex-wrap gap-x-4 border-t pt-3 text-xs text-muted">
        <span>
          {t('field.strategy')}: <StrategyLink id={detail.strategy_id} />
        </span>
        <span>
          {t('field.opened')}: {formatDateTime(detail.opened_at)}
        </span>
      </p>
    </Card>
  )
}

function Entries({ detail }: { detail: PositionDetail }) {
  const { t } = useTranslation()
  return (
    <Card title={t('positions.entries')}>
      {detail.entry_orders.length === 0 ? (
        <p className="text-sm text-muted">{t('positions.entriesEmpty')}</p>
      ) : (
        <DataTable
          label={t('positions.entries')}
          rows={detail.entry_orders}
          rowKey={(row) => row.order_id}
          columns={[
            { id: 'time', header: t('field.filled'), cell: (row) => formatDateTime(row.filled_at) },
            {
              id: 'quantity',
              header: t('field.quantity'),
              align: 'right',
              cell: (row) => formatQuantity(row.quantity),
            },
            {
              id: 'price',
              header: t('field.price'),
              align: 'right',
              cell: (row) => formatPrice(row.price, 2, 4),
            },
            {
              id: 'order',
              header: t('orders.orderId'),
              align: 'right',
              cell: (row) => <code className="text-xs text-muted">{row.order_id.slice(0, 8)}</code>,
            },
          ]}
        />
      )}
    </Card>
  )
}
