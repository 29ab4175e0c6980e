import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { pagingOf } from '../../components/data-table.tsx'
import { Change } from '../../components/pnl.tsx'
import { Card } from '../../components/ui/card.tsx'
import { trpc } from '../../lib/trpc.ts'
import { useMode } from '../../shell/use-deck-status.ts'
import { TradesTable } from './trades-table.tsx'

const PER_PAGE = 10

/** Closed round trips under the same filters as the open positions above. */
export function TradesCard() {
  const { t } = useTranslation()
  const mode = useMode()
  const { strategy, symbol, trades: page = 1 } = useSearch({ from: '/deck/positions' })
  const navigate = useNavigate({ from: '/positions' })
  const { client } = trpc.useUtils()
  const filters = { mode, strategy_id: strategy, symbol }
  const trades = trpc.deck.trades.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { refetchInterval: 30_000, placeholderData: (previous) => previous },
  )
  const total = trades.data && (
    <p className="flex items-baseline gap-2 text-xs text-muted">
      {t('positions.realised')}{' '}
      <Change value={trades.data.meta.total_pnl} className="text-sm font-semibold" />
    </p>
  )
  return (
    <Card title={t('positions.trades')} description={t('positions.tradesHint')} actions={total}>
      <DataBlock
        query={trades}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('positions.tradesEmpty') }}
      >
        {({ data, meta }) => (
          <TradesTable
            label={t('positions.trades')}
            rows={data}
            name="trades"
            csv={() => client.deck.exports.trades.query(filters)}
            paging={pagingOf(
              meta,
              (next) =>
                void navigate({ search: (current) => ({ ...current, trades: next }), resetScroll: false }),
            )}
          />
        )}
      </DataBlock>
    </Card>
  )
}
