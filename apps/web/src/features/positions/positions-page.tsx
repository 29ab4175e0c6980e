import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf } from '../../components/data-table.tsx'
import { Figure } from '../../components/figure.tsx'
import { Change } from '../../components/pnl.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Outputs } from '../../lib/app-router.ts'
import { formatInteger, formatUsd, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { useMode } from '../../shell/use-deck-status.ts'
import { usePositionColumns } from './position-columns.tsx'
import { TradesCard } from './trades-card.tsx'

const PER_PAGE = 20

export function PositionsPage() {
  const { t } = useTranslation()
  const mode = useMode()
  const { strategy, symbol, from, to, trades, sort, page = 1 } = useSearch({ from: '/deck/positions' })
  const navigate = useNavigate({ from: '/positions' })
  const { client } = trpc.useUtils()
  const filters = { mode, strategy_id: strategy, symbol }
  const positions = trpc.v1.positions.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { refetchInterval: 5_000, placeholderData: (previous) => previous },
  )
  const instruments = trpc.deck.marketData.listInstruments.useQuery({}, { staleTime: 10 * 60_000 })
  const columns = usePositionColumns()
  const strategies = useStrategyOptions()
  const change = (next: { strategy?: string | undefined; symbol?: string | undefined }) =>
    void navigate({ search: (current) => ({ ...current, ...next, page: undefined }), replace: true })
  const filtered = strategy !== undefined || symbol !== undefined || mode !== undefined
  const clear = (
    <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
      {t('state.clearFilters')}
    </Button>
  )
  return (
    <Page
      title={t('positions.title')}
      actions={
        <>
          <Picker
            label={t('field.strategy')}
            value={strategy}
            allLabel={`${t('field.strategy')}: ${t('table.any')}`}
            options={strategies}
            onChange={(value) => change({ strategy: value })}
          />
          <Picker
            label={t('field.symbol')}
            value={symbol}
            allLabel={`${t('field.symbol')}: ${t('table.any')}`}
            options={(instruments.data?.data ?? []).map((row) => [row.symbol, row.symbol] as const)}
            onChange={(value) => change({ symbol: value })}
          />
        </>
      }
    >
      <Card>
        <DataBlock
          query={positions}
          staleAfterMs={30_000}
          isEmpty={({ data }) => data.length === 0}
          empty={
            filtered
              ? { title: t('state.filtersEmpty'), action: clear }
              : { title: t('positions.empty'), text: t('positions.emptyText') }
          }
        >
          {({ data, meta }) => (
            <DataTable
              label={t('positions.title')}
              rows={data}
              rowKey={(row) => row.position_id}
              columns={columns}
              name="positions"
              onOpen={(row) =>
                void navigate({ to: '/positions/$positionId', params: { positionId: row.position_id } })
              }
              csv={() => client.deck.exports.positions.query(filters)}
              above={<Totals rows={data} meta={meta} />}
              sort={sort}
              onSort={(next) =>
                void navigate({ search: (current) => ({ ...current, sort: next }), replace: true })
              }
              paging={pagingOf(
                meta,
                (next) => void navigate({ search: (current) => ({ ...current, page: next }) }),
              )}
            />
          )}
        </DataBlock>
      </Card>
      <TradesCard
        {...{ strategy, symbol, from, to, page: trades }}
        onPage={(next) =>
          void navigate({ search: (current) => ({ ...current, trades: next }), resetScroll: false })
        }
        onDays={(days) =>
          void navigate({
            search: (current) => ({ ...current, ...days, trades: undefined }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    </Page>
  )
}

type Positions = Outputs['v1']['positions']['list']

function Totals({ rows, meta }: { rows: Positions['data']; meta: Positions['meta'] }) {
  const { t } = useTranslation()
  const isPage = meta.total_count > rows.length
  return (
    <dl className="mb-2 flex flex-wrap gap-x-10 gap-y-3">
      <Figure label={t('positions.total')}>{formatInteger(meta.total_count)}</Figure>
      <Figure label={t('positions.totalPnl')}>
        <Change value={meta.total_unrealized_pnl} />
      </Figure>
      <Figure label={isPage ? t('positions.pageValue') : t('positions.totalValue')}>
        {formatUsd(rows.reduce((sum, row) => sum + (toNumber(row.market_value) ?? 0), 0))}
      </Figure>
    </dl>
  )
}
