import { useTranslation } from 'react-i18next'
import { DataBlock, type EmptyText } from '../../components/data-block.tsx'
import { DataTable, pagingOf } from '../../components/data-table.tsx'
import { Card } from '../../components/ui/card.tsx'
import { trpc } from '../../lib/trpc.ts'
import { AuditDetail, useAuditColumns } from './audit-columns.tsx'

const PER_PAGE = 25

interface AuditListProps {
  filters: Partial<
    Record<'actor' | 'action' | 'entity' | 'entity_id' | 'from_date' | 'to_date', string | undefined>
  >
  page: number | undefined
  onPage: (page: number) => void
  empty: EmptyText
}

/** Who did what, under filters; an entry opens to what it changed. */
export function AuditList({ filters, page = 1, onPage, empty }: AuditListProps) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const entries = trpc.deck.audit.list.useQuery(
    { ...filters, page, per_page: PER_PAGE },
    { placeholderData: (previous) => previous, refetchInterval: 20_000, retry: false },
  )
  const columns = useAuditColumns()
  return (
    <Card>
      <DataBlock query={entries} isEmpty={({ data }) => data.length === 0} empty={empty}>
        {({ data, meta }) => (
          <DataTable
            label={t('audit.title')}
            rows={data}
            rowKey={(row) => row.audit_id}
            columns={columns}
            name="audit"
            csv={() => client.deck.exports.audit.query(filters)}
            detail={(row) => <AuditDetail row={row} />}
            paging={pagingOf(meta, onPage)}
          />
        )}
      </DataBlock>
    </Card>
  )
}
