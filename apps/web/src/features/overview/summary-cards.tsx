import { Link, type LinkProps } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Metric } from '../../components/metric.tsx'
import { Change } from '../../components/pnl.tsx'
import { Meter } from '../../components/ui/meter.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { InfoTip } from '../../components/ui/tip.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { cn } from '../../lib/cn.ts'
import {
  formatDrawdown,
  formatFraction,
  formatInteger,
  formatNumber,
  formatUsd,
  toNumber,
} from '../../lib/format.ts'
import { toCurve } from '../chart/curve.ts'
import { Delta } from './delta.tsx'
import { Spark } from './spark.tsx'

type Data = Outputs['deck']['metrics']['window']['data']
type Figures = Data['figures']

const GRID = 'grid grid-cols-2 gap-3 lg:grid-cols-4'

interface StatProps {
  label: string
  how: string
  to: LinkProps['to']
  note?: ReactNode
  /** How the figure came about. */
  spark?: ReactNode
  children: ReactNode
}

function Stat({ label, how, to, note, spark, children }: StatProps) {
  return (
    <div className="relative flex min-w-0 flex-col rounded-xl border bg-surface p-3.5 shadow-card">
      <div className="flex items-center justify-between gap-1">
        <Link to={to} className="text-xs font-medium text-muted hover:text-ink hover:underline sm:truncate">
          {label}
        </Link>
        <InfoTip label={`${label}: ?`}>{how}</InfoTip>
      </div>
      <div className="num mt-1 truncate text-xl font-semibold tracking-tight sm:text-2xl">{children}</div>
      <div
        className={cn(
          'mt-auto flex min-h-5 flex-wrap gap-x-2 pt-1 text-xs text-muted',
          spark !== undefined && 'sm:pr-22 lg:max-xl:pr-14',
        )}
      >
        {note}
      </div>
      {spark !== undefined && (
        <div className="absolute right-3.5 bottom-3 h-7 w-20 max-sm:hidden lg:max-xl:w-12">{spark}</div>
      )}
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

const SPARK = 'size-full'

/** The eight figures of the v1 contract's summary, each with its formula, its way there and the window before. */
export function SummaryCards({ data, label }: { data: Data; label: string }) {
  const { t } = useTranslation()
  const { figures, equity, running, earlier } = data
  const undefinedMetrics = figures.undefined_metrics
  const drawdowns = useMemo(
    () =>
      toCurve(equity.map(({ date, equity: value }) => ({ date, value }))).map((point) => point.drawdownPct),
    [equity],
  )
  /** Nothing is compared with what is not defined. */
  const before = (field: 'sharpe_ratio' | 'win_rate') =>
    [undefinedMetrics, earlier?.undefined_metrics ?? []].some((names) => names.includes(field))
      ? null
      : earlier?.[field]
  const points = (value: number) => t('overview.points', { value: formatNumber(value) })
  /** A difference of two shares is one of percentage points. */
  const sharePoints = (fraction: number) => t('overview.points', { value: formatNumber(fraction * 100, 0) })
  return (
    <div className={GRID}>
      <Stat
        label={t('overview.totalPnl')}
        how={t('overview.totalPnlHow')}
        to="/positions"
        note={
          <>
            <Change value={figures.total_pnl_percent} unit="percent" />
            <Delta now={figures.total_pnl} before={earlier?.total_pnl} format={usd} />
          </>
        }
        spark={<Spark values={equity.map((point) => toNumber(point.equity))} className={SPARK} />}
      >
        <Change value={figures.total_pnl} arrow={false} />
      </Stat>
      <Stat
        label={t('field.sharpe')}
        how={t('overview.sharpeHow')}
        to="/strategies"
        note={<Delta now={figures.sharpe_ratio} before={before('sharpe_ratio')} format={formatNumber} />}
        spark={<Spark values={running.map((point) => toNumber(point.sharpe_ratio))} className={SPARK} />}
      >
        <Metric name="sharpe_ratio" undefinedMetrics={undefinedMetrics}>
          {formatNumber(figures.sharpe_ratio)}
        </Metric>
      </Stat>
      <Stat
        label={t('field.maxDrawdown')}
        how={t('overview.maxDrawdownHow')}
        to="/risk"
        note={<Delta now={figures.max_drawdown} before={earlier?.max_drawdown} format={points} />}
        spark={<Spark values={drawdowns} className={SPARK} />}
      >
        <Metric name="max_drawdown" undefinedMetrics={undefinedMetrics}>
          {formatDrawdown(figures.max_drawdown)}
        </Metric>
      </Stat>
      <Stat
        label={t('field.winRate')}
        how={t('overview.winRateHow')}
        to="/positions"
        note={<Delta now={figures.win_rate} before={before('win_rate')} format={sharePoints} />}
        spark={<Spark values={running.map((point) => toNumber(point.win_rate))} className={SPARK} />}
      >
        <Metric name="win_rate" undefinedMetrics={undefinedMetrics}>
          {formatFraction(figures.win_rate, 0)}
        </Metric>
      </Stat>
      <Stat
        label={t('overview.totalTrades')}
        how={t('overview.tradesHow')}
        to="/positions"
        note={
          earlier ? (
            <Delta now={figures.total_trades} before={earlier.total_trades} format={formatInteger} isPlain />
          ) : (
            label
          )
        }
        spark={<Spark values={running.map((point) => point.total_trades)} isPlain className={SPARK} />}
      >
        {formatInteger(figures.total_trades)}
      </Stat>
      <Stat
        label={t('overview.positions')}
        how={t('overview.positionsHow')}
        to="/positions"
        note={
          <Delta
            now={figures.active_positions}
            before={earlier?.open_positions}
            format={formatInteger}
            isPlain
          />
        }
        spark={<Spark values={running.map((point) => point.open_positions)} isPlain className={SPARK} />}
      >
        {formatInteger(figures.active_positions)}
      </Stat>
      <Deployed figures={figures} />
      <Stat label={t('overview.available')} how={t('overview.availableHow')} to="/positions">
        {formatUsd(figures.available_capital)}
      </Stat>
    </div>
  )
}

const usd = (value: number) => formatUsd(value)

function Deployed({ figures }: { figures: Figures }) {
  const { t } = useTranslation()
  const deployed = toNumber(figures.capital_deployed) ?? 0
  const total = deployed + (toNumber(figures.available_capital) ?? 0)
  const share = formatFraction(total > 0 ? deployed / total : 0, 0)
  return (
    <Stat
      label={t('overview.deployed')}
      how={t('overview.deployedHow')}
      to="/positions"
      note={
        <div className="flex flex-1 items-center gap-2">
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
      {formatUsd(figures.capital_deployed)}
    </Stat>
  )
}
