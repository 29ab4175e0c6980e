import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../../components/data-block.tsx'
import { Figure } from '../../../components/figure.tsx'
import { Card } from '../../../components/ui/card.tsx'
import { Segmented } from '../../../components/ui/segmented.tsx'
import { Skeleton } from '../../../components/ui/skeleton.tsx'
import type { Outputs } from '../../../lib/app-router.ts'
import { formatDrawdown, formatFraction, formatInteger, formatUsd } from '../../../lib/format.ts'
import { trpc } from '../../../lib/trpc.ts'
import { FanChart } from './fan-chart.tsx'

type MonteCarlo = Outputs['deck']['runs']['monteCarlo']['data']

/** What the same returns or trades might have brought in another order. */
export function OutlookTab({ runId }: { runId: string }) {
  const { t } = useTranslation()
  const [method, setMethod] = useState<MonteCarlo['method']>('returns')
  const draws = trpc.deck.runs.monteCarlo.useQuery(
    { run_id: runId, method },
    { staleTime: Infinity, placeholderData: (previous) => previous, retry: false },
  )
  return (
    <Card
      title={t('result.monteCarlo')}
      description={t('result.monteCarloHint')}
      actions={
        <Segmented
          label={t('result.method')}
          value={method}
          options={[
            ['returns', t('result.byReturns')],
            ['trades', t('result.byTrades')],
          ]}
          onChange={setMethod}
        />
      }
    >
      <DataBlock query={draws} staleAfterMs={Infinity} skeleton={<Skeleton className="h-80" />}>
        {({ data }) => <Envelope outlook={data} />}
      </DataBlock>
    </Card>
  )
}

function Envelope({ outlook }: { outlook: MonteCarlo }) {
  const { t } = useTranslation()
  const steps = useMemo(
    () => outlook.envelope.map(({ step, quantiles }) => ({ step, quantiles: quantiles.map(Number) })),
    [outlook.envelope],
  )
  const [worst, , median, , best] = outlook.final_equity
  const words = { low: formatUsd(worst), middle: formatUsd(median), high: formatUsd(best) }
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-5">
        <Figure label={t('result.endMedian')}>{words.middle}</Figure>
        <Figure label={t('result.endLow')}>{words.low}</Figure>
        <Figure label={t('result.drawdownLow')}>{formatDrawdown(outlook.max_drawdown_pct[0])}</Figure>
        <Figure label={t('result.loss')}>{formatFraction(outlook.loss_probability)}</Figure>
        <Figure label={t('result.ruin')}>{formatFraction(outlook.ruin_probability)}</Figure>
      </dl>
      <FanChart steps={steps} summary={t('result.fanSummary', words)} />
      <p className="text-xs text-muted">
        {t('result.draws', {
          draws: formatInteger(outlook.draws),
          of: formatInteger(outlook.observations),
          what: t(outlook.method === 'returns' ? 'result.ofReturns' : 'result.ofTrades'),
          seed: outlook.seed,
        })}
      </p>
    </div>
  )
}
