import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Metric } from '../../components/metric.tsx'
import { Change } from '../../components/pnl.tsx'
import { Meter } from '../../components/ui/meter.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { InfoTip } from '../../components/ui/tip.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import {
  formatDrawdown,
  formatFraction,
  formatInteger,
  formatNumber,
  formatUsd,
  toNumber,
} from '../../lib/format.ts'
import type { Period } from '../../lib/search.ts'
import { Spark } from './spark.tsx'

type Summary = Outputs['v1']['metrics']['summary']['data']

const GRID = 'grid grid-cols-2 gap-3 lg:grid-cols-4'

interface StatProps {
  label: string
  how: string
  to: LinkProps['to']
  note?: ReactNode
  children: ReactNode
}

function Stat({ label, how, to, note, children }: StatProps) {
  return (
    <div className="relative flex min-w-0 flex-col rounded-xl border bg-surface p-3.5 shadow-card">
      <div className="flex items-center justify-between gap-1">
        <Link to={to} className="text-xs font-medium text-muted hover:text-ink hover:underline sm:truncate">
          {label}
        </Link>
        <InfoTip label={`${label}: ?`}>{how}</InfoTip>
      </div>
      <div className="num mt-1 truncate text-xl font-semibold tracking-tight sm:text-2xl">{children}</div>
      <div className="mt-auto min-h-5 pt-1 text-xs text-muted">{note}</div>
    </div>
  )
}

export function SummarySkeleton() {
  return (
    <div className={GRID}>
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} className="h-26 rounded-xl" />
      ))}
    </div>
  )
}

/** The eight figures of the v1 contract's summary, each with its formula. */
export function SummaryCards({ data, period }: { data: Summary; period: Period }) {
  const { t } = useTranslation()
  const undefinedMetrics = data.undefined_metrics
  const window = t(`period.${period}`)
  return (
    <div className={GRID}>
      <Stat
        label={t('overview.totalPnl')}
        how={t('overview.totalPnlHow')}
        to="/positions"
        note={<Change value={data.total_pnl_percent} unit="percent" />}
      >
        <Change value={data.total_pnl} arrow={false} />
        <Spark points={data.equity_curve} className="absolute right-3.5 bottom-3 h-7 w-20 max-sm:hidden" />
      </Stat>
      <Stat label={t('field.sharpe')} how={t('overview.sharpeHow')} to="/strategies" note={window}>
        <Metric name="sharpe_ratio" undefinedMetrics={undefinedMetrics}>
          {formatNumber(data.sharpe_ratio)}
        </Metric>
      </Stat>
      <Stat label={t('field.maxDrawdown')} how={t('overview.maxDrawdownHow')} to="/risk" note={window}>
        <Metric name="max_drawdown" undefinedMetrics={undefinedMetrics}>
          {formatDrawdown(data.max_drawdown)}
        </Metric>
      </Stat>
      <Stat label={t('field.winRate')} how={t('overview.winRateHow')} to="/positions" note={window}>
        <Metric name="win_rate" undefinedMetrics={undefinedMetrics}>
          {formatFraction(data.win_rate, 0)}
        </Metric>
      </Stat>
      <Stat label={t('overview.totalTrades')} how={t('overview.tradesHow')} to="/positions" note={window}>
        {formatInteger(data.total_trades)}
      </Stat>
      <Stat label={t('overview.positions')} how={t('overview.positionsHow')} to="/positions">
        {formatInteger(data.active_positions)}
      </Stat>
      <Deployed data={data} />
      <Stat label={t('overview.available')} how={t('overview.availableHow')} to="/positions">
        {formatUsd(data.available_capital)}
      </Stat>
    </div>
  )
}

function Deployed({ data }: { data: Summary }) {
  const { t } = useTranslation()
  const deployed = toNumber(data.capital_deployed) ?? 0
  const total = deployed + (toNumber(data.available_capital) ?? 0)
  const share = formatFraction(total > 0 ? deployed / total : 0, 0)
  return (
    <Stat
      label={t('overview.deployed')}
      how={t('overview.deployedHow')}
      to="/positions"
      note={
        <div className="flex items-center gap-2">
          <Meter
            label={t('overview.deployed')}
            text={t('overview.ofCapital', { share })}
            value={deployed}
            max={Math.max(total, 1)}
            className="h-1.5 flex-1"
          />
          <span className="num">{share}</span>
        </div>
      }
    >
      {formatUsd(data.capital_deployed)}
    </Stat>
  )
}
