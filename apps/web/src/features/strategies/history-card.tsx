import { History, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Changes } from '../../components/changes.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { type StrategyDetail, useEditBlocked } from './config-card.tsx'

type Row = Outputs['deck']['strategies']['history']['data'][number]

/** Who changed what, and the way back. */
export function HistoryCard({ detail }: { detail: StrategyDetail }) {
  const { t } = useTranslation()
  const [reverting, setReverting] = useState<Row | null>(null)
  const history = trpc.deck.strategies.history.useQuery({ strategy_id: detail.strategy_id })
  const columns = useColumns(detail, setReverting)
  return (
    <Card title={t('strategies.history')} description={t('strategies.historyText')}>
      <DataBlock
        query={history}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('strategies.historyEmpty') }}
      >
        {({ data }) => (
          <DataTable
            label={t('strategies.history')}
            rows={data}
            rowKey={(row) => String(row.version)}
            columns={columns}
            detail={(row) => <Changes before={row.before} after={row.after} />}
          />
        )}
      </DataBlock>
      {reverting && <Revert detail={detail} row={reverting} onClose={() => setReverting(null)} />}
    </Card>
  )
}

function useColumns(detail: StrategyDetail, onRevert: (row: Row) => void): Column<Row>[] {
  const { t } = useTranslation()
  const blocked = useEditBlocked(detail)
  return [
    {
      id: 'version',
      header: t('strategies.versionShort'),
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          <History aria-hidden className="size-3.5 text-muted" />
          <span className="num">{row.version}</span>
          {row.version === detail.version && <Badge tone="ok">{t('strategies.current')}</Badge>}
        </span>
      ),
    },
    { id: 'at', header: t('field.time'), cell: (row) => formatDateTime(row.changed_at) },
    { id: 'by', header: t('audit.actor'), cell: (row) => row.changed_by },
    {
      id: 'reason',
      header: t('controls.reason'),
      wide: true,
      cell: (row) => <span translate="no">{row.reason ?? '–'}</span>,
    },
    {
      id: 'revert',
      header: t('table.actions'),
      cell: (row) =>
        row.version === detail.version ? null : (
          <Button
            size="sm"
            disabled={blocked !== null}
            title={blocked ?? undefined}
            onClick={() => onRevert(row)}
          >
            <Undo2 aria-hidden className="size-3.5" /> {t('strategies.revert')}
          </Button>
        ),
    },
  ]
}

function Revert({ detail, row, onClose }: { detail: StrategyDetail; row: Row; onClose: () => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const action = useAction(t('strategies.reverted', { version: row.version }), () => {
    void utils.v1.strategies.invalidate()
    void utils.deck.strategies.invalidate()
    onClose()
  })
  const revert = trpc.deck.strategies.revert.useMutation(action)
  return (
    <ReasonDialog
      title={t('strategies.revertTitle', { version: row.version })}
      description={t('strategies.revertText')}
      confirmLabel={t('strategies.revert')}
      pending={revert.isPending}
      onClose={onClose}
      onConfirm={(reason) =>
        revert.mutate({
          strategy_id: detail.strategy_id,
          version: row.version,
          expected_version: detail.version,
          reason,
        })
      }
    />
  )
}
