import { useNavigate, useSearch } from '@tanstack/react-router'
import { CircleCheck, CircleMinus, CircleX, Disc } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { Violations } from '../../components/violations.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime, formatFraction } from '../../lib/format.ts'
import { OUTCOMES } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'

type Row = Outputs['deck']['signals']['list']['data'][number]

const PER_PAGE = 10

const LOOK = {
  ORDERS: { icon: CircleCheck, tone: 'ok' },
  NO_ACTION: { icon: CircleMinus, tone: 'neutral' },
  REFUSED: { icon: CircleX, tone: 'bad' },
  RECORDED: { icon: Disc, tone: 'info' },
} as const

/** What became of each signal, with the reasons in words. */
export function SignalHistory() {
  const { t } = useTranslation()
  const { outcome, strategy, signal, sort, page = 1 } = useSearch({ from: '/deck/signals' })
  const navigate = useNavigate({ from: '/signals' })
  const { client } = trpc.useUtils()
  const filters = { outcome, signal, strategy_id: strategy }
  const history = trpc.deck.signals.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { refetchInterval: 15_000, placeholderData: (previous) => previous },
  )
  const columns = useColumns()
  const isFiltered = [outcome, strategy, signal].some((value) => value !== undefined)
  const picker = (
    <Picker
      label={t('field.outcome')}
      value={outcome}
      allLabel={t('table.any')}
      options={OUTCOMES.map((value) => [value, t(`outcome.${value}`)] as const)}
      onChange={(value) =>
        void navigate({
          search: (current) => ({ ...current, outcome: value, page: undefined }),
          replace: true,
        })
      }
    />
  )
  return (
    <Card title={t('signals.history')} description={t('signals.historyHint')} actions={picker}>
      <DataBlock
        query={history}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: isFiltered ? t('state.filtersEmpty') : t('signals.historyEmpty') }}
      >
        {({ data, meta }) => (
          <DataTable
            label={t('signals.history')}
            rows={data}
            rowKey={(row) => row.signal_id}
            columns={columns}
            name="signals"
            sort={sort}
            onSort={(next) =>
              void navigate({ search: (current) => ({ ...current, sort: next }), replace: true })
            }
            csv={() => client.deck.exports.signals.query(filters)}
            detail={(row) => <Detail row={row} />}
            paging={pagingOf(
              meta,
              (next) =>
                void navigate({ search: (current) => ({ ...current, page: next }), resetScroll: false }),
            )}
          />
        )}
      </DataBlock>
    </Card>
  )
}

export function OutcomeBadge({ outcome }: { outcome: Row['outcome'] }) {
  const { t } = useTranslation()
  const { icon: Icon, tone } = LOOK[outcome]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`outcome.${outcome}`)}
    </Badge>
  )
}

function Detail({ row }: { row: Row }) {
  const { t } = useTranslation()
  return (
    <div className="space-y-3">
      {row.reasoning !== '' && (
        <p className="text-sm">
          <span className="text-muted">{t('signals.reasoning')}: </span>
          <span translate="no">{row.reasoning}</span>
        </p>
      )}
      {row.violations.length > 0 && <Violations violations={row.violations} />}
    </div>
  )
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'strategy',
      header: t('field.strategy'),
      cell: (row) => <StrategyLink id={row.strategy_id} />,
    },
    { id: 'signal', header: t('field.signal'), cell: (row) => <SignalBadge signal={row.signal} /> },
    {
      id: 'confidence',
      header: t('field.confidence'),
      align: 'right',
      sortValue: (row) => row.confidence,
      cell: (row) => formatFraction(row.confidence, 0),
    },
    { id: 'outcome', header: t('field.outcome'), cell: (row) => <OutcomeBadge outcome={row.outcome} /> },
    {
      id: 'time',
      header: t('field.time'),
      align: 'right',
      sortValue: (row) => row.signal_at,
      cell: (row) => formatDateTime(row.signal_at),
    },
  ]
}
