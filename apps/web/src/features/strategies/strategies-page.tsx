import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { countColumn, minuteColumn } from '../../components/columns.ts'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatPrice, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { useMode } from '../../shell/use-deck-status.ts'
import { StatusSwitch } from './status-switch.tsx'

type Row = Outputs['v1']['strategies']['list']['data'][number]

export function StrategiesPage() {
  const { t } = useTranslation()
  const mode = useMode()
  const { status, sort } = useSearch({ from: '/deck/strategies' })
  const navigate = useNavigate({ from: '/strategies' })
  const strategies = trpc.v1.strategies.list.useQuery(
    { status: status ?? 'all', mode },
    { refetchInterval: 30_000, placeholderData: (previous) => previous },
  )
  const columns = useColumns()
  const meta = strategies.data?.meta
  const filter = (next: 'all' | 'active' | 'inactive') =>
    void navigate({
      search: (current) => ({ ...current, status: next === 'all' ? undefined : next }),
      replace: true,
    })
  const clear = (
    <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
      {t('state.clearFilters')}
    </Button>
  )
  const filtered = status !== undefined || mode !== undefined
  return (
    <Page
      title={t('strategies.title')}
      description={meta && t('strategies.count', { active: meta.active_count, total: meta.total_count })}
      actions={
        <Segmented
          label={t('field.status')}
          value={status ?? 'all'}
          options={[
            ['all', t('period.all')],
            ['active', t('strategyStatus.active')],
            ['inactive', t('strategyStatus.inactive')],
          ]}
          onChange={filter}
        />
      }
    >
      <Card>
        <DataBlock
          query={strategies}
          isEmpty={({ data }) => data.length === 0}
          empty={
            filtered
              ? { title: t('state.filtersEmpty'), action: clear }
              : { title: t('strategies.empty'), text: t('strategies.emptyText') }
          }
        >
          {({ data }) => (
            <DataTable
              label={t('strategies.title')}
              rows={data}
              rowKey={(row) => row.strategy_id}
              columns={columns}
              name="strategies"
              onOpen={(row) =>
                void navigate({ to: '/strategies/$strategyId', params: { strategyId: row.strategy_id } })
              }
              sort={sort}
              onSort={(next) =>
                void navigate({ search: (current) => ({ ...current, sort: next }), replace: true })
              }
            />
          )}
        </DataBlock>
      </Card>
    </Page>
  )
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('field.name'),
      sortValue: (row) => row.name,
      cell: (row) => (
        <div className="min-w-0">
          <StrategyLink id={row.strategy_id} name={row.name} />
          <p className="text-xs font-normal text-muted">{row.strategy_id}</p>
        </div>
      ),
    },
    {
      id: 'status',
      header: t('field.status'),
      sortValue: (row) => row.status,
      cell: (row) => <StatusSwitch strategy={row} />,
    },
    {
      id: 'mode',
      header: t('field.mode'),
      sortValue: (row) => row.mode,
      cell: (row) => <ModeBadge mode={row.mode} />,
    },
    countColumn('universe', t('field.universe'), (row) => row.universe_size),
    countColumn('max_positions', t('field.maxPositions'), (row) => row.max_positions),
    {
      id: 'risk',
      header: t('field.riskPerTrade'),
      align: 'right',
      sortValue: (row) => toNumber(row.risk_per_trade_pct),
      cell: (row) => `${formatPrice(row.risk_per_trade_pct, 1, 2)} %`,
    },
    minuteColumn('updated', t('field.updated'), (row) => row.updated_at),
  ]
}
