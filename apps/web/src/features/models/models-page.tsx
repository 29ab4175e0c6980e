import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { Metric } from '../../components/metric.tsx'
import { Meter } from '../../components/ui/meter.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { InfoTip } from '../../components/ui/tip.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import { en } from '../../i18n/en/index.ts'
import type { Outputs } from '../../lib/app-router.ts'
import { formatNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { Spark } from '../overview/spark.tsx'
import { MODEL_LOOK, StatusBadge } from './status-badge.tsx'

type Model = Outputs['rl']['monitor']['health']['models'][number]

/** Divergence at which a model is watched, and at which its entries are refused (with a p-value beside it). */
const KL_WARNING = 0.3
const KL_CRITICAL = 0.5
const KL_SHOWN = 0.75

export function ModelsPage() {
  const { t } = useTranslation()
  const names = new Map(useStrategyOptions())
  const health = trpc.rl.monitor.health.useQuery({}, { refetchInterval: 15_000 })
  const { data } = health
  return (
    <Page
      title={t('models.title')}
      description={
        data &&
        t('models.counts', {
          healthy: data.healthy_count,
          warning: data.warning_count,
          critical: data.critical_count,
        })
      }
      actions={data && data.total_models > 0 && <StatusBadge status={data.overall_status} />}
    >
      <DataBlock
        query={health}
        staleAfterMs={120_000}
        skeleton={<Skeleton className="h-64 rounded-xl" />}
        isEmpty={({ models }) => models.length === 0}
        empty={{ title: t('models.empty'), text: t('models.emptyText') }}
      >
        {({ models }) => (
          <div className="grid gap-4 lg:grid-cols-2">
            {models.map((model) => (
              <ModelCard
                key={model.model_id}
                model={model}
                name={names.get(model.model_id) ?? model.model_id}
              />
            ))}
          </div>
        )}
      </DataBlock>
    </Page>
  )
}

function ModelCard({ model, name }: { model: Model; name: string }) {
  const { t } = useTranslation()
  const drift = formatNumber(model.action_drift_kl)
  return (
    <article className="min-w-0 space-y-4 rounded-xl border bg-surface p-4 shadow-card">
      <div className="flex items-start justify-between gap-3">
        <div>
          <h2 className="text-sm">
            <Link
              to="/models/$modelId"
              params={{ modelId: model.model_id }}
              className="font-medium hover:underline"
            >
              {name}
            </Link>
          </h2>
          <p className="mt-0.5 text-sm text-muted">
            {t(`models.details.${model.status}`)} <Note text={model.details} />
          </p>
        </div>
        <StatusBadge status={model.status} />
      </div>
      <div>
        <div className="mb-1.5 flex items-center justify-between text-sm">
          <Label text={t('models.kl')} how={t('models.klHow')} />
          <span className="flex items-center gap-3">
            <DriftSpark modelId={model.model_id} />
            <Metric name="action_drift_kl" undefinedMetrics={model.undefined_metrics}>
              <span className="num font-semibold">{drift}</span>
            </Metric>
          </span>
        </div>
        <Meter
          label={t('models.kl')}
          text={drift}
          value={model.action_drift_kl}
          max={KL_SHOWN}
          marks={[KL_WARNING, KL_CRITICAL]}
          tone={MODEL_LOOK[model.status].tone}
          className="h-2.5"
        />
        <div aria-hidden className="num relative mt-1 h-4 text-[0.6875rem] text-muted">
          {[KL_WARNING, KL_CRITICAL].map((mark) => (
            <span
              key={mark}
              className="absolute -translate-x-1/2"
              style={{ left: `${(mark / KL_SHOWN) * 100}%` }}
            >
              {formatNumber(mark, 1)}
            </span>
          ))}
        </div>
      </div>
      <dl className="grid grid-cols-1 gap-3 border-t pt-3 text-sm sm:grid-cols-3">
        <Fact label={<Label text={t('models.stuck')} how={t('models.stuckHow')} />}>
          <span className={model.stuck_behavior ? 'font-medium text-down' : ''}>
            {model.stuck_behavior ? t('models.stuckYes') : t('models.stuckNo')}
          </span>
        </Fact>
        <Fact label={<Label text={t('models.sharpe')} how={t('models.sharpeHow')} />}>
          <Metric name="rolling_sharpe" undefinedMetrics={model.undefined_metrics}>
            <span className="num">{formatNumber(model.rolling_sharpe)}</span>
          </Metric>
        </Fact>
        <Fact label={t('models.inference')}>
          <Age at={model.last_inference} graded />
        </Fact>
      </dl>
    </article>
  )
}

/** How the drift came about; the model's page shows it in full. */
function DriftSpark({ modelId }: { modelId: string }) {
  const model = trpc.deck.models.get.useQuery({ strategy_id: modelId }, { refetchInterval: 60_000 })
  return <Spark values={model.data?.data.drift.map(({ kl }) => kl) ?? []} isPlain className="h-5 w-20" />
}

function Note({ text }: { text: string | undefined }) {
  const { t } = useTranslation()
  if (text === undefined) return null
  return <>{text in en.models.note ? t(`models.note.${text as keyof typeof en.models.note}`) : text}</>
}

function Label({ text, how }: { text: string; how: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      {text} <InfoTip label={`${text}: ?`}>{how}</InfoTip>
    </span>
  )
}

function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt className="flex min-h-6 items-center text-xs text-muted">{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
