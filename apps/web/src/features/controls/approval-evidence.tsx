import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Severity } from '../../components/severity.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { DASH, formatDateTime, formatDrawdown, formatFraction, formatPercent } from '../../lib/format.ts'
import { LimitList } from '../limits/limit-list.tsx'

type Row = Outputs['deck']['approvals']['list']['data'][number]
type Evidence = NonNullable<Row['evidence']>

/** What was known of the strategy when somebody asked: whoever approves decides on this. */
export function ApprovalEvidence({ row }: { row: Row }) {
  const { t } = useTranslation()
  const { evidence } = row
  if (evidence === null) return <p className="text-sm text-muted">{t('controls.noEvidence')}</p>
  const { backtest, record, model } = evidence
  return (
    <section aria-label={t('controls.evidence')} className="space-y-3 text-sm">
      <p className="text-xs text-muted">
        {t('controls.evidence')} · {t('controls.evidenceAt', { at: formatDateTime(evidence.at) })}
      </p>
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <Part title={t('controls.lastBacktest')}>
          {backtest === null ? (
            <p className="text-muted">{t('controls.noBacktest')}</p>
          ) : (
            <>
              <p className="num text-xs text-muted">
                {backtest.start_date} – {backtest.end_date ?? DASH}
              </p>
              <Figures of={backtest} />
            </>
          )}
        </Part>
        <Part title={t('controls.paperRecord')}>
          <p className="num text-xs text-muted">
            {formatDateTime(record.from)} – {formatDateTime(record.to)}
          </p>
          <Figures of={record} />
        </Part>
        <Part title={t('controls.modelThen')}>
          <p>{model === null ? t('controls.noModel') : [model.status, ...model.details].join(' · ')}</p>
        </Part>
        <Part title={t('controls.openAlertsThen')}>
          <OpenAlerts alerts={evidence.alerts} />
        </Part>
      </div>
      <Part title={t('controls.limitsThen')}>
        <LimitList limits={evidence.limits} />
      </Part>
    </section>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      {children}
    </div>
  )
}

type Figures = Pick<Evidence['record'], 'total_return' | 'sharpe_ratio' | 'max_drawdown'> & {
  total_trades: number | null
  win_rate?: string | null
}

function Figures({ of }: { of: Figures }) {
  const { t } = useTranslation()
  const rows: [string, string | number][] = [
    [t('field.return'), of.total_return === null ? DASH : formatPercent(of.total_return)],
    [t('field.sharpe'), of.sharpe_ratio ?? DASH],
    [t('field.maxDrawdown'), of.max_drawdown === null ? DASH : formatDrawdown(of.max_drawdown)],
    [t('field.trades'), of.total_trades ?? DASH],
    ...(of.win_rate === undefined
      ? []
      : [
          [t('field.winRate'), of.win_rate === null ? DASH : formatFraction(of.win_rate)] as [string, string],
        ]),
  ]
  return (
    <dl>
      {rows.map(([label, value]) => (
        <div key={label} className="flex justify-between gap-4">
          <dt className="text-muted">{label}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function OpenAlerts({ alerts }: { alerts: Evidence['alerts'] }) {
  const { t } = useTranslation()
  if (alerts.open_count === 0) return <p>{t('controls.noOpenAlerts')}</p>
  return (
    <>
      <p>{t('controls.openOf', { open: alerts.open_count, critical: alerts.critical_count })}</p>
      <ul className="mt-1 space-y-1">
        {alerts.latest.map((alert) => (
          <li key={alert.alert_id} className="flex items-start gap-2">
            <Severity severity={alert.severity} />
            <span className="min-w-0 break-words">{alert.message}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
