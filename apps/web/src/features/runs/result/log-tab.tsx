import { useTranslation } from 'react-i18next'
import { DataBlock, EmptyState } from '../../../components/data-block.tsx'
import { DataTable } from '../../../components/data-table.tsx'
import { Card } from '../../../components/ui/card.tsx'
import { violationText } from '../../../components/violations.tsx'
import { formatDateTime, formatInteger } from '../../../lib/format.ts'
import { trpc } from '../../../lib/trpc.ts'

/** What the run met on its way: entries it decided on and did not make, and what the risk engine did. */
export function LogTab({ runId }: { runId: string }) {
  const { t } = useTranslation()
  const statistics = trpc.deck.runs.statistics.useQuery({ run_id: runId }, { staleTime: Infinity })
  return (
    <DataBlock query={statistics} staleAfterMs={Infinity}>
      {({ data: { refusals, risk_events: events } }) => (
        <div className="space-y-4">
          <Card title={t('result.refusals')} description={t('result.refusalsHint')}>
            {refusals.length === 0 ? (
              <EmptyState title={t('result.noRefusals')} />
            ) : (
              <DataTable
                label={t('result.refusals')}
                rows={refusals}
                rowKey={({ code }) => code}
                columns={[
                  {
                    id: 'reason',
                    header: t('result.reason'),
                    cell: ({ code }) => violationText({ code, message: code }, t),
                  },
                  {
                    id: 'count',
                    header: t('result.times'),
                    align: 'right',
                    sortValue: ({ count }) => count,
                    cell: ({ count }) => formatInteger(count),
                  },
                ]}
              />
            )}
          </Card>
          <Card title={t('result.events')} description={t('result.eventsHint')}>
            {events.length === 0 ? (
              <EmptyState title={t('result.noEvents')} />
            ) : (
              <DataTable
                label={t('result.events')}
                rows={events}
                rowKey={({ at, type, message }) => `${at}${type}${message}`}
                columns={[
                  {
                    id: 'at',
                    header: t('field.time'),
                    sortValue: ({ at }) => at,
                    cell: ({ at }) => <span className="num">{formatDateTime(at)}</span>,
                  },
                  {
                    id: 'type',
                    header: t('field.type'),
                    cell: ({ type }) => <code className="text-xs">{type}</code>,
                  },
                  { id: 'message', header: t('field.message'), wide: true, cell: ({ message }) => message },
                ]}
              />
            )}
          </Card>
        </div>
      )}
    </DataBlock>
  )
}
