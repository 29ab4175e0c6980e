import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { pagingOf } from '../../components/data-table.tsx'
import { DateFilter } from '../../components/date-filter.tsx'
import { Change } from '../../components/pnl.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { trpc } from '../../lib/trpc.ts'
import { useMode } from '../../shell/use-deck-status.ts'
import { TradesTable } from './trades-table.tsx'

const PER_PAGE = 10
/** Somebody who names days wants to see the best and the worst of them together. */
const PER_PAGE_OF_DAYS = 50

interface TradesCardProps {
  strategy?: string | undefined
  symbol?: string | undefined
  from?: string | undefined
  to?: string | undefined
  page?: number | undefined
  onPage: (page: number) => void
  /** Other days begin at their first page. */
  onDays: (days: { from?: string | undefined; to?: string | undefined }) => void
}

/** Closed round trips under the filters of the page that shows them, and of the days that one names. */
export function TradesCard({ strategy, symbol, from, to, page = 1, onPage, onDays }: TradesCardProps) {
  const { t } = useTranslation()
  const mode = useMode()
  const { client } = trpc.useUtils()
  const filters = { mode, strategy_id: strategy, symbol, from_date: from, to_date: to }
  const isDated = from !== undefined || to !== undefined
  const trades = trpc.deck.trades.list.useQuery(
    { ...filters, page, per_page: isDated ? PER_PAGE_OF_DAYS : PER_PAGE },
    { refetchInterval: 30_000, placeholderData: (previous) => previous },
  )
  const actions = (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
      <DateFilter from={from} to={to} onChange={onDays} />
      {trades.data && (
        <p className="flex items-baseline gap-2 text-xs text-muted">
          {t('positions.realised')}{' '}
          <Change value={trades.data.meta.total_pnl} className="text-sm font-semibold" />
        </p>
      )}
    </div>
  )
  const clear = (
    <Button onClick={() => onDays({ from: undefined, to: undefined })}>{t('state.clearFilters')}</Button>
  )
  return (
    <Card title={t('positions.trades')} description={t('positions.tradesHint')} actions={actions}>
      <DataBlock
        query={trades}
        isEmpty={({ data }) => data.length === 0}
        empty={
          isDated ? { title: t('state.filtersEmpty'), action: clear } : { title: t('positions.tradesEmpty') }
        }
      >
        {({ data, meta }) => (
          <TradesTable
            label={t('positions.trades')}
            rows={data}
            name="trades"
            csv={() => client.deck.exports.trades.query(filters)}
            paging={pagingOf(meta, onPage)}
          />
        )}
      </DataBlock>
    </Card>
  )
}
