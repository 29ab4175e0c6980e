import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { CheckCheck, SlidersHorizontal } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { DateFilter } from '../../components/date-filter.tsx'
import { Button, buttonClass } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { useOffline } from '../../lib/feed.ts'
import { SEVERITIES } from '../../lib/search.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { AlertContext, useAlertColumns } from './alert-columns.tsx'
import { useBulkAcknowledge } from './use-bulk-acknowledge.ts'

const PER_PAGE = 20

const STATES = { all: undefined, open: false, done: true } as const

export function AlertsPage() {
  const { t } = useTranslation()
  const { severity, acknowledged, from, to, sort, page = 1 } = useSearch({ from: '/deck/alerts' })
  const navigate = useNavigate({ from: '/alerts' })
  const { client } = trpc.useUtils()
  const filters = { severity, acknowledged, from_date: from, to_date: to }
  const alerts = trpc.v1.alerts.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { refetchInterval: 15_000, placeholderData: (previous) => previous },
  )
  const role = useUser()?.role
  const isBlocked = useOffline() || role === 'viewer'
  const bulk = useBulkAcknowledge()
  const columns = useAlertColumns(bulk.selection)
  const change = (next: Partial<Record<'severity' | 'acknowledged' | 'from' | 'to', unknown>>) =>
    void navigate({
      search: (current) => ({ ...current, ...next, page: undefined }) as typeof current,
      replace: true,
    })
  const state = acknowledged === undefined ? 'all' : acknowledged ? 'done' : 'open'
  const filtered = [severity, acknowledged, from, to].some((value) => value !== undefined)
  const clear = (
    <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
      {t('state.clearFilters')}
    </Button>
  )
  const meta = alerts.data?.meta
  return (
    <Page
      title={t('alerts.title')}
      description={meta && t('alerts.unacknowledged', { count: meta.unacknowledged_count })}
      actions={
        <>
          {bulk.chosen.length > 0 && (
            <Button size="sm" variant="primary" disabled={isBlocked} onClick={bulk.acknowledge}>
              <CheckCheck aria-hidden className="size-3.5" />
              {t('alerts.acknowledgeMany', { count: bulk.chosen.length })}
            </Button>
          )}
          {(role === 'risk' || role === 'admin') && (
            <Link to="/alerts/rules" className={buttonClass('outline', 'sm')}>
              <SlidersHorizontal aria-hidden className="size-3.5" /> {t('alertRules.link')}
            </Link>
          )}
          <DateFilter from={from} to={to} onChange={change} />
          <Picker
            label={t('field.severity')}
            value={severity}
            allLabel={`${t('field.severity')}: ${t('table.any')}`}
            options={SEVERITIES.map((value) => [value, t(`severity.${value}`)] as const)}
            onChange={(value) => change({ severity: value })}
          />
          <Segmented
            label={t('alerts.filterState')}
            value={state}
            options={[
              ['all', t('period.all')],
              ['open', t('alerts.open')],
              ['done', t('alerts.acknowledged')],
            ]}
            onChange={(value) => change({ acknowledged: STATES[value] })}
          />
        </>
      }
    >
      <Card>
        <DataBlock
          query={alerts}
          isEmpty={({ data }) => data.length === 0}
          empty={
            filtered
              ? { title: t('state.filtersEmpty'), action: clear }
              : { title: t('alerts.empty'), text: t('alerts.emptyText') }
          }
        >
          {({ data, meta: paging }) => (
            <DataTable
              label={t('alerts.title')}
              rows={data}
              rowKey={(row) => row.alert_id}
              columns={columns}
              name="alerts"
              sort={sort}
              onSort={(next) =>
                void navigate({ search: (current) => ({ ...current, sort: next }), replace: true })
              }
              csv={() => client.deck.exports.alerts.query(filters)}
              detail={(row) => <AlertContext row={row} />}
              selection={bulk.selection}
              paging={{
                page: paging.page,
                perPage: paging.per_page,
                total: paging.total_count,
                onPage: (next) => void navigate({ search: (current) => ({ ...current, page: next }) }),
              }}
            />
          )}
        </DataBlock>
      </Card>
    </Page>
  )
}
