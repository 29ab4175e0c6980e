import { Link, useParams, useSearch } from '@tanstack/react-router'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Figure } from '../../components/figure.tsx'
import { Metric } from '../../components/metric.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Change } from '../../components/pnl.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { TabLinks } from '../../components/ui/tab-links.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatMinute, formatDrawdown, formatFraction, formatNumber, formatUsd } from '../../lib/format.ts'
import { STRATEGY_TABS } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { LimitsCard } from '../limits/limits-card.tsx'
import { ConfigCard } from './config-card.tsx'
import { HistoryCard } from './history-card.tsx'
import { StatusSwitch } from './status-switch.tsx'
import { StrategyActivity } from './strategy-activity.tsx'
import { StrategyEquity } from './strategy-equity.tsx'
import { StrategyList } from './strategy-lists.tsx'

type Detail = Outputs['v1']['strategies']['get']['data']

export function StrategyPage() {
  const { t } = useTranslation()
  const { strategyId } = useParams({ from: '/deck/strategies/$strategyId' })
  const { tab = 'overview' } = useSearch({ from: '/deck/strategies/$strategyId' })
  const strategy = trpc.v1.strategies.get.useQuery({ strategy_id: strategyId }, { refetchInterval: 30_000 })
  const data = strategy.data?.data
  return (
    <Page
      title={data?.name ?? strategyId}
      description={
        <Link to="/strategies" className="inline-flex items-center gap-1 hover:text-ink">
          <ArrowLeft aria-hidden className="size-3.5" /> {t('strategies.back')}
        </Link>
      }
      actions={data && <StatusSwitch strategy={data} />}
    >
      <TabLinks
        label={t('strategies.tabs')}
        current={tab}
        tabs={STRATEGY_TABS.map((key) => ({
          key,
          text: t(`strategies.tab.${key}`),
          link: {
            to: '/strategies/$strategyId',
            params: { strategyId },
            search: key === 'overview' ? {} : { tab: key },
          },
        }))}
      />
      <DataBlock query={strategy} skeleton={<Skeleton className="h-72 rounded-xl" />}>
        {({ data: detail }) => <Tab tab={tab} detail={detail} />}
      </DataBlock>
    </Page>
  )
}

function Tab({ tab, detail }: { tab: (typeof STRATEGY_TABS)[number]; detail: Detail }) {
  if (tab === 'orders' || tab === 'trades' || tab === 'audit')
    return <StrategyList name={tab} strategyId={detail.strategy_id} />
  if (tab === 'limits') return <LimitsCard strategyId={detail.strategy_id} />
  if (tab === 'config') {
    return (
      <div className="space-y-4">
        <ConfigCard detail={detail} />
        <HistoryCard detail={detail} />
      </div>
    )
  }
  return (
    <div className="space-y-4">
      <Performance detail={detail} />
      <StrategyEquity strategyId={detail.strategy_id} />
      <div className="grid gap-4 lg:grid-cols-2">
        <About detail={detail} />
        <SeeAlso strategyId={detail.strategy_id} />
      </div>
      <StrategyActivity strategyId={detail.strategy_id} />
    </div>
  )
}

const PAGES = [
  ['positions', '/positions'],
  ['runs', '/runs'],
  ['signals', '/signals'],
] as const

/** The lists of what belongs to this strategy. */
function SeeAlso({ strategyId }: { strategyId: string }) {
  const { t } = useTranslation()
  return (
    <Card title={t('strategies.seeAlso')}>
      <ul className="divide-y text-sm">
        {PAGES.map(([name, to]) => (
          <li key={name}>
            <Link
              to={to}
              search={{ strategy: strategyId }}
              className="flex items-center justify-between py-2.5 hover:text-accent"
            >
              {t(`nav.${name}`)} <ArrowRight aria-hidden className="size-4 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Performance({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  const { performance } = detail
  const undefinedMetrics = performance.undefined_metrics
  return (
    <Card title={t('strategies.performance')} description={t('strategies.allTime')}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
        <Figure label={t('overview.totalPnl')}>
          <Change value={performance.total_pnl} />
        </Figure>
        <Figure label={t('field.sharpe')}>
          <Metric name="sharpe_ratio" undefinedMetrics={undefinedMetrics}>
            {formatNumber(performance.sharpe_ratio)}
          </Metric>
        </Figure>
        <Figure label={t('field.maxDrawdown')}>
          <Metric name="max_drawdown" undefinedMetrics={undefinedMetrics}>
            {formatDrawdown(performance.max_drawdown)}
          </Metric>
        </Figure>
        <Figure label={t('field.winRate')}>
          <Metric name="win_rate" undefinedMetrics={undefinedMetrics}>
            {formatFraction(performance.win_rate, 0)}
          </Metric>
        </Figure>
      </dl>
    </Card>
  )
}

function About({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  const rows: [string, ReactNode][] = [
    [t('field.mode'), <ModeBadge key="mode" mode={detail.mode} />],
    [t('field.universe'), detail.universe.join(', ')],
    [t('strategies.allocated'), formatUsd(detail.allocated_capital)],
    [t('field.maxPositions'), String(detail.max_positions)],
    [t('field.riskPerTrade'), `${detail.risk_per_trade_pct} %`],
    [t('field.created'), formatMinute(detail.created_at)],
    [t('field.updated'), formatMinute(detail.updated_at)],
  ]
  return (
    <Card title={t('strategies.about')}>
      <p translate="no" className="mb-3 text-sm text-muted">
        {detail.description}
      </p>
      <dl className="divide-y text-sm">
        {rows.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-4 py-2">
            <dt className="text-muted">{label}</dt>
            <dd className="num min-w-0 text-right whitespace-normal">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
