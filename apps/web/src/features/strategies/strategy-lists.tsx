import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMode } from '../../shell/use-deck-status.ts'
import { AuditList } from '../audit/audit-list.tsx'
import { OrdersList } from '../orders/orders-list.tsx'
import { TradesCard } from '../positions/trades-card.tsx'

export type StrategyListName = 'orders' | 'trades' | 'audit'

/** What belongs to one strategy, in the tables that the pages of all strategies have. */
export function StrategyList({ name, strategyId }: { name: StrategyListName; strategyId: string }) {
  const { t } = useTranslation()
  const mode = useMode()
  const { page, sort, from, to } = useSearch({ from: '/deck/strategies/$strategyId' })
  const navigate = useNavigate({ from: '/strategies/$strategyId' })
  const change = (next: { page?: number | undefined; sort?: string | undefined }) =>
    void navigate({ search: (current) => ({ ...current, ...next }), resetScroll: false })
  const onPage = (next: number) => change({ page: next })
  if (name === 'orders') {
    return (
      <OrdersList
        filters={{ mode, strategy_id: strategyId }}
        {...{ page, sort }}
        onChange={change}
        empty={{ title: t('orders.empty'), text: t('orders.emptyText') }}
      />
    )
  }
  if (name === 'audit') {
    return (
      <AuditList
        filters={{ entity: 'strategy', entity_id: strategyId }}
        page={page}
        onPage={onPage}
        empty={{ title: t('audit.empty') }}
      />
    )
  }
  return (
    <TradesCard
      strategy={strategyId}
      {...{ from, to, page }}
      onPage={onPage}
      onDays={(days) =>
        void navigate({
          search: (current) => ({ ...current, ...days, page: undefined }),
          replace: true,
          resetScroll: false,
        })
      }
    />
  )
}
