import { Link } from '@tanstack/react-router'
import { History, SlidersHorizontal } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button, buttonClass } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { useOffline } from '../../lib/feed.ts'
import { formatMinute } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { LIMIT_FIELDS, type LimitField, showLimit, UNITS } from './limit-fields.ts'
import { LimitValue } from './limit-value.tsx'

const LimitsEditor = lazy(async () => ({ default: (await import('./limits-editor.tsx')).LimitsEditor }))

export type LimitsView = Outputs['deck']['limits']['get']['data']

/** The limits in force for a strategy, or for everything, and where each comes from. */
export function LimitsCard({ strategyId }: { strategyId?: string }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const own = trpc.deck.limits.get.useQuery(
    { strategy_id: strategyId ?? '' },
    { enabled: strategyId !== undefined },
  )
  const global = trpc.deck.limits.getGlobal.useQuery({}, { enabled: strategyId === undefined })
  const limits = strategyId === undefined ? global : own
  const blocked = useLimitsBlocked()
  const view = limits.data?.data
  const changed = view !== undefined && view.updated_at !== null
  return (
    <Card
      title={strategyId === undefined ? t('limits.global') : t('limits.ofStrategy')}
      description={
        changed
          ? t('limits.changed', { who: view.updated_by ?? '–', time: formatMinute(view.updated_at) })
          : t('limits.never')
      }
      actions={
        <div className="flex flex-wrap gap-2">
          {strategyId !== undefined && (
            <Link
              to="/strategies/$strategyId/what-if"
              params={{ strategyId }}
              className={buttonClass('outline', 'sm')}
            >
              <History aria-hidden className="size-3.5" /> {t('whatIf.link')}
            </Link>
          )}
          <Button
            size="sm"
            disabled={blocked !== null || view === undefined}
            title={blocked ?? undefined}
            onClick={() => setEditing(true)}
          >
            <SlidersHorizontal aria-hidden className="size-3.5" /> {t('limits.change')}
          </Button>
        </div>
      }
    >
      <DataBlock query={limits}>{({ data }) => <LimitsTable view={data} />}</DataBlock>
      <Suspense>{editing && view && <LimitsEditor view={view} onClose={() => setEditing(false)} />}</Suspense>
    </Card>
  )
}

function useLimitsBlocked(): string | null {
  const { t } = useTranslation()
  const offline = useOffline()
  const role = useUser()?.role
  if (offline) return t('strategies.offlineBlocks')
  return role === 'admin' || role === 'risk' ? null : t('limits.roleBlocks')
}

function LimitsTable({ view }: { view: LimitsView }) {
  const { t } = useTranslation()
  const columns: Column<LimitField>[] = [
    {
      id: 'name',
      header: t('risk.limit'),
      cell: ({ name, rule }) => (
        <span className="inline-flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{t(`limit.${name}`)}</span>
          <span className="text-xs text-muted">{rule}</span>
        </span>
      ),
    },
    {
      id: 'value',
      header: t('limits.inForce'),
      align: 'right',
      cell: ({ name, kind }) => <LimitValue text={showLimit(kind, view.limits[name])} unit={UNITS[kind]} />,
    },
    {
      id: 'source',
      header: t('limits.source'),
      cell: ({ name, kind }) =>
        view.overrides[name] === undefined ? (
          <span className="text-xs text-muted">
            {view.strategy_id === null ? t('limits.default') : t('limits.inherited')}
          </span>
        ) : (
          <span className="inline-flex flex-wrap items-center gap-2">
            <Badge tone="info">{t('limits.setHere')}</Badge>
            <span className="text-xs text-muted">
              {t('limits.else')}{' '}
              <LimitValue text={showLimit(kind, view.inherited[name])} unit={UNITS[kind]} />
            </span>
          </span>
        ),
    },
  ]
  return (
    <DataTable label={t('limits.global')} rows={LIMIT_FIELDS} rowKey={({ name }) => name} columns={columns} />
  )
}
