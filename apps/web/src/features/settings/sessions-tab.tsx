import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatMinute } from '../../lib/format.ts'
import { useAction } from '../../lib/use-action.ts'
import { trpc } from '../../lib/trpc.ts'
import { readUserAgent } from './user-agent.ts'

type Row = Outputs['deck']['sessions']['list']['data'][number]

export function SessionsTab() {
  const { t } = useTranslation()
  const sessions = trpc.deck.sessions.list.useQuery({})
  const columns = useColumns()
  return (
    <Card title={t('settings.tab.sessions')} description={t('settings.sessionsText')}>
      <DataBlock query={sessions}>
        {({ data }) => (
          <DataTable
            label={t('settings.tab.sessions')}
            rows={data}
            rowKey={(row) => row.session_id}
            columns={columns}
          />
        )}
      </DataBlock>
    </Card>
  )
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'where',
      header: t('settings.device'),
      cell: (row) => (
        <span className="flex flex-wrap items-center gap-2">
          {row.kind === 'token' ? t('settings.program') : readUserAgent(row.user_agent)}
          {row.is_current && <Badge tone="ok">{t('settings.thisSession')}</Badge>}
        </span>
      ),
    },
    { id: 'ip', header: t('settings.address'), cell: (row) => <code className="text-xs">{row.ip}</code> },
    { id: 'seen', header: t('settings.lastSeen'), cell: (row) => <Age at={row.last_seen_at} /> },
    { id: 'created', header: t('settings.since'), cell: (row) => formatMinute(row.created_at) },
    { id: 'expires', header: t('settings.until'), cell: (row) => formatMinute(row.expires_at) },
    { id: 'end', header: t('table.actions'), cell: (row) => <EndSession row={row} /> },
  ]
}

function EndSession({ row }: { row: Row }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const revoke = trpc.deck.sessions.revoke.useMutation(
    useAction(t('settings.sessionEnded'), () => utils.deck.sessions.invalidate()),
  )
  if (row.is_current) return null
  return (
    <Button
      size="sm"
      pending={revoke.isPending}
      onClick={() => revoke.mutate({ session_id: row.session_id })}
    >
      {t('settings.endSession')}
    </Button>
  )
}
