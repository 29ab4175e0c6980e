import { Check } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import type { Column, Selection } from '../../components/data-table.tsx'
import { Severity } from '../../components/severity.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { cn } from '../../lib/cn.ts'
import { problemText, toProblem } from '../../lib/errors.ts'
import { useOffline } from '../../lib/feed.ts'
import { formatDateTime } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { ConfigList } from '../strategies/config-list.tsx'
import { toastError, toastSuccess } from '../../lib/toast.ts'

export type AlertRow = Outputs['v1']['alerts']['list']['data'][number]

const RANK = { INFO: 0, WARNING: 1, ERROR: 2, CRITICAL: 3 } as const

export function useAlertColumns(selection: Selection<AlertRow>): Column<AlertRow>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'choose',
      header: t('alerts.choose'),
      cell: (row) => (
        <input
          type="checkbox"
          aria-label={`${t('alerts.choose')}: ${t(`alerts.kind.${row.kind}`)}, ${formatDateTime(row.created_at)}`}
          checked={selection.isSelected(row)}
          disabled={!selection.mayToggle(row)}
          onChange={() => selection.onToggle(row)}
          className="size-4 accent-accent"
        />
      ),
    },
    {
      id: 'severity',
      header: t('field.severity'),
      sortValue: (row) => RANK[row.severity],
      cell: (row) => <Severity severity={row.severity} />,
    },
    {
      id: 'message',
      header: t('field.message'),
      className: 'min-w-72',
      wide: true,
      cell: (row) => <Message row={row} />,
    },
    {
      id: 'time',
      header: t('field.time'),
      sortValue: (row) => row.created_at,
      cell: (row) => <Age at={row.created_at} />,
    },
    { id: 'state', header: t('alerts.filterState'), cell: (row) => <Acknowledge row={row} /> },
  ]
}

/** The same sentence may come from several strategies, and from an account: each says which. */
function Message({ row }: { row: AlertRow }) {
  const { t } = useTranslation()
  const strategy = row.context['strategy_id']
  const account = accountOf(row.context['scope'])
  return (
    <>
      <span lang="en" className={cn(!row.acknowledged && 'font-medium')}>
        {row.message}
      </span>
      {typeof strategy === 'string' && <span className="ml-2 text-xs text-muted">{strategy}</span>}
      {account !== null && (
        <span className="ml-2 text-xs text-muted">{t('alerts.ofAccount', { mode: account })}</span>
      )}
      <Course row={row} />
    </>
  )
}

/** `account:PAPER` is what the risk engine calls it. */
function accountOf(scope: unknown): string | null {
  return typeof scope === 'string' && scope.startsWith('account:') ? scope.slice('account:'.length) : null
}

/** Which rule speaks for it, and what became of it since. */
function Course({ row }: { row: AlertRow }) {
  const { t } = useTranslation()
  return (
    <span className="mt-0.5 flex flex-wrap items-center gap-1.5 text-xs text-muted">
      {t(`alerts.kind.${row.kind}`)}
      {row.repeat_count > 0 && <span>· {t('alerts.repeated', { count: row.repeat_count })}</span>}
      {row.escalated_at !== null && (
        <Badge tone="warn" title={t('alerts.escalatedAt', { at: formatDateTime(row.escalated_at) })}>
          {t('alerts.escalated')}
        </Badge>
      )}
      {row.resolved_at === null ? (
        !row.acknowledged && <Badge tone="watch">{t('alerts.lasts')}</Badge>
      ) : (
        <Badge title={t('alerts.resolvedAt', { at: formatDateTime(row.resolved_at) })}>
          {t('alerts.resolved')}
        </Badge>
      )}
    </span>
  )
}

function Acknowledge({ row }: { row: AlertRow }) {
  const { t } = useTranslation()
  const user = useUser()
  const offline = useOffline()
  const utils = trpc.useUtils()
  const acknowledge = trpc.v1.alerts.acknowledge.useMutation({
    onSuccess: () => {
      toastSuccess(t('alerts.done'), { description: row.message })
      void utils.v1.alerts.invalidate()
    },
    onError: (error) => toastError(problemText(toProblem(error), t), { description: error.message }),
  })
  if (row.acknowledged) {
    return (
      <span className="text-xs text-muted">
        {t('alerts.acknowledged')}
        {row.acknowledged_by !== null && ` ${t('alerts.by', { who: row.acknowledged_by })}`}
        {row.acknowledged_at !== null && (
          <span className="num block">{formatDateTime(row.acknowledged_at)}</span>
        )}
      </span>
    )
  }
  const blocked = offline
    ? t('strategies.offlineBlocks')
    : user?.role === 'viewer'
      ? t('errors.FORBIDDEN')
      : undefined
  return (
    <Button
      size="sm"
      pending={acknowledge.isPending}
      disabled={blocked !== undefined}
      title={blocked}
      onClick={() => acknowledge.mutate({ alert_id: row.alert_id })}
    >
      {!acknowledge.isPending && <Check aria-hidden className="size-3.5" />}
      {t('alerts.acknowledge')}
    </Button>
  )
}

/** The facts behind an alert, and the way to their cause. */
export function AlertContext({ row }: { row: AlertRow }) {
  const { t } = useTranslation()
  const strategy = row.context['strategy_id']
  return (
    <div className="max-w-xl">
      <p className="mb-1 flex flex-wrap gap-x-4 text-xs text-muted">
        <span>{formatDateTime(row.created_at)}</span>
        <span>{row.code}</span>
        <span>
          {t('alerts.rule')}: {t(`alerts.kind.${row.kind}`)}
        </span>
        {row.escalated_at !== null && (
          <span>{t('alerts.escalatedAt', { at: formatDateTime(row.escalated_at) })}</span>
        )}
        {row.resolved_at !== null && (
          <span>{t('alerts.resolvedAt', { at: formatDateTime(row.resolved_at) })}</span>
        )}
        {typeof strategy === 'string' && (
          <span>
            {t('field.strategy')}: <StrategyLink id={strategy} />
          </span>
        )}
      </p>
      <ConfigList config={row.context} />
    </div>
  )
}
