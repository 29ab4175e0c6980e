import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateFilter } from '../../components/date-filter.tsx'
import { Button } from '../../components/ui/button.tsx'
import { FilterField } from '../../components/ui/filter-field.tsx'
import { Page } from '../../shell/page.tsx'
import { AuditList } from './audit-list.tsx'

export function AuditPage() {
  const { t } = useTranslation()
  const { actor, action, entity, entityId, from, to, page } = useSearch({ from: '/deck/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const filters = { actor, action, entity, entity_id: entityId, from_date: from, to_date: to }
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
      <AuditList
        filters={filters}
        page={page}
        onPage={(next) => void navigate({ search: (current) => ({ ...current, page: next }) })}
        empty={filtered ? { title: t('state.filtersEmpty'), action: clear } : { title: t('audit.empty') }}
      />
    </Page>
  )
}
