import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateFilter } from '../../components/date-filter.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import { cn } from '../../lib/cn.ts'
import { formatInteger } from '../../lib/format.ts'
import { ORDER_STATUSES } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { useMode } from '../../shell/use-deck-status.ts'
import { type OrderFilters, OrdersList } from './orders-list.tsx'

type Status = (typeof ORDER_STATUSES)[number]

export function OrdersPage() {
  const { t } = useTranslation()
  const mode = useMode()
  const { strategy, status, from, to, sort, page } = useSearch({ from: '/deck/orders' })
  const navigate = useNavigate({ from: '/orders' })
  const filters = { mode, strategy_id: strategy, from_date: from, to_date: to }
  const strategies = useStrategyOptions()
  const change = (next: {
    strategy?: string | undefined
    from?: string | undefined
    to?: string | undefined
  }) => void navigate({ search: (current) => ({ ...current, ...next, page: undefined }), replace: true })
  const filtered = [strategy, status, from, to, mode].some((value) => value !== undefined)
  const clear = (
    <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
      {t('state.clearFilters')}
    </Button>
  )
  return (
    <Page
      title={t('orders.title')}
      actions={
        <>
          <DateFilter from={from} to={to} onChange={change} />
          <Picker
            label={t('field.strategy')}
            value={strategy}
            allLabel={`${t('field.strategy')}: ${t('table.any')}`}
            options={strategies}
            onChange={(value) => change({ strategy: value })}
          />
        </>
      }
    >
      <StatusChips
        filters={filters}
        status={status}
        onChange={(next) =>
          void navigate({
            search: (current) => ({ ...current, status: next, page: undefined }),
            replace: true,
          })
        }
      />
      <OrdersList
        filters={{ ...filters, status }}
        page={page}
        sort={sort}
        onChange={(next) =>
          void navigate({ search: (current) => ({ ...current, ...next }), replace: 'sort' in next })
        }
        empty={
          filtered
            ? { title: t('state.filtersEmpty'), action: clear }
            : { title: t('orders.empty'), text: t('orders.emptyText') }
        }
      />
    </Page>
  )
}

interface StatusChipsProps {
  filters: OrderFilters
  status: Status | undefined
  onChange: (status: Status | undefined) => void
}

function StatusChips({ filters, status, onChange }: StatusChipsProps) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap gap-1.5">
      <Chip
        filters={filters}
        label={t('period.all')}
        pressed={status === undefined}
        onPress={() => onChange(undefined)}
      />
      {ORDER_STATUSES.map((value) => (
        <Chip
          key={value}
          filters={{ ...filters, status: value }}
          label={t(`orderStatus.${value}`)}
          pressed={status === value}
          onPress={() => onChange(status === value ? undefined : value)}
        />
      ))}
    </div>
  )
}

interface ChipProps {
  filters: OrderFilters
  label: string
  pressed: boolean
  onPress: () => void
}

/** A status with the number of orders in it under the other filters. */
function Chip({ filters, label, pressed, onPress }: ChipProps) {
  const count = trpc.v1.orders.list.useQuery(
    { ...filters, page: 1, per_page: 1 },
    { refetchInterval: 30_000, placeholderData: (previous) => previous },
  )
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onPress}
      className={cn(
        'inline-flex h-8 items-center gap-2 rounded-full border bg-surface px-3 text-xs font-medium hover:bg-raised',
        pressed && 'border-accent bg-accent-soft text-accent',
      )}
    >
      {label}
      <span className={cn('num text-muted', pressed && 'text-accent')}>
        {count.data ? formatInteger(count.data.meta.total_count) : '·'}
      </span>
    </button>
  )
}
