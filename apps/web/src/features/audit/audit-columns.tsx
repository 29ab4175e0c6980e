import { Link2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '../../components/data-table.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime } from '../../lib/format.ts'
import { Changes } from '../../components/changes.tsx'

export type AuditRow = Outputs['deck']['audit']['list']['data'][number]

export function useAuditColumns(): Column<AuditRow>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'at',
      header: t('field.time'),
      cell: (row) => <span className="num whitespace-nowrap">{formatDateTime(row.at)}</span>,
    },
    {
      id: 'actor',
      header: t('audit.actor'),
      cell: (row) => (
        <>
          <span className="break-words">{row.actor}</span>
          <span className="block text-xs text-muted">{[row.role, row.ip].filter(Boolean).join(' · ')}</span>
        </>
      ),
    },
    {
      id: 'action',
      header: t('audit.action'),
      cell: (row) => <code className="text-xs">{row.action}</code>,
    },
    { id: 'entity', header: t('audit.entity'), cell: (row) => <Entity row={row} /> },
    {
      id: 'reason',
      header: t('controls.reason'),
      wide: true,
      cell: (row) => (
        <span translate="no" className="break-words">
          {row.reason ?? '–'}
        </span>
      ),
    },
    { id: 'chain', header: t('audit.chain'), cell: (row) => <Sealed row={row} /> },
  ]
}

function Entity({ row }: { row: AuditRow }) {
  return (
    <>
      {row.entity}
      {row.entity_id !== null && (
        <span className="block max-w-56 truncate text-xs text-muted" title={row.entity_id}>
          {row.entity === 'strategy' ? <StrategyLink id={row.entity_id} /> : row.entity_id}
        </span>
      )}
    </>
  )
}

function Sealed({ row }: { row: AuditRow }) {
  const { t } = useTranslation()
  if (row.sequence === null) return <Badge tone="watch">{t('audit.unsealed')}</Badge>
  return (
    <Badge tone="ok" title={row.hash ?? undefined}>
      <Link2 aria-hidden /> <span className="num">{row.sequence}</span>
    </Badge>
  )
}

export function AuditDetail({ row }: { row: AuditRow }) {
  const { t } = useTranslation()
  return (
    <div className="max-w-3xl space-y-3">
      <Changes before={row.before} after={row.after} />
      <dl className="grid gap-x-6 gap-y-1 text-xs text-muted sm:grid-cols-2">
        <Fact name={t('audit.entityId')}>{row.entity_id ?? '–'}</Fact>
        <Fact name={t('state.requestId')}>{row.request_id ?? '–'}</Fact>
        <Fact name={t('audit.hash')}>{row.hash ?? '–'}</Fact>
      </dl>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="inline">{name}: </dt>
      <dd className="inline break-all">
        <code>{children}</code>
      </dd>
    </div>
  )
}
