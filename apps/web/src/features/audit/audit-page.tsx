import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf } from '../../components/data-table.tsx'
import { DateFilter } from '../../components/date-filter.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { FilterField } from '../../components/ui/filter-field.tsx'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { AuditDetail, useAuditColumns } from './audit-columns.tsx'

const PER_PAGE = 25

export function AuditPage() {
  const { t } = useTranslation()
  const { actor, action, entity, entityId, from, to, page = 1 } = useSearch({ from: '/deck/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const { client } = trpc.useUtils()
  const filters = { actor, action, entity, entity_id: entityId, from_date: from, to_date: to }
  const entries = trpc.deck.audit.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { placeholderData: (previous) => previous, refetchInterval: 20_000, retry: false },
  )
  const columns = useAuditColumns()
  const change = (next: Record<string, string | undefined>) =>
    void navigate({ search: (current) => ({ ...current, ...next, page: undefined }), replace: true })
  const filtered = [actor, action, entity, entityId, from, to].some((value) => value !== undefined)
  const clear = (
    <Button onClick={() => void navigate({ search: () => ({}), replace: true })}>
      {t('state.clearFilters')}
    </Button>
  )
  return (
    <Page
      title={t('audit.title')}
      description={t('audit.text')}
      actions={
        <>
          <DateFilter from={from} to={to} onChange={change} />
          <FilterField
            label={t('audit.actor')}
            value={actor}
            onChange={(value) => change({ actor: value })}
          />
          <FilterField
            label={t('audit.action')}
            value={action}
            onChange={(value) => change({ action: value })}
          />
          <FilterField
            label={t('audit.entity')}
            value={entity}
            onChange={(value) => change({ entity: value })}
          />
          <FilterField
            label={t('audit.entityId')}
            value={entityId}
            onChange={(value) => change({ entityId: value })}
          />
          {filtered && clear}
        </>
      }
    >
      <Card>
        <DataBlock
          query={entries}
          isEmpty={({ data }) => data.length === 0}
          empty={filtered ? { title: t('state.filtersEmpty'), action: clear } : { title: t('audit.empty') }}
        >
          {({ data, meta }) => (
            <DataTable
              label={t('audit.title')}
              rows={data}
              rowKey={(row) => row.audit_id}
              columns={columns}
              name="audit"
              csv={() => client.deck.exports.audit.query(filters)}
              detail={(row) => <AuditDetail row={row} />}
              paging={pagingOf(
                meta,
                (next) => void navigate({ search: (current) => ({ ...current, page: next }) }),
              )}
            />
          )}
        </DataBlock>
      </Card>
    </Page>
  )
}
