import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../../components/data-block.tsx'
import { Card } from '../../../components/ui/card.tsx'
import { formatInteger, formatPercent } from '../../../lib/format.ts'
import { trpc } from '../../../lib/trpc.ts'
import { TradesTable } from '../../positions/trades-table.tsx'
import type { RunDetail } from '../run-page.tsx'
import { BarTable } from './bar-table.tsx'
import { toBins } from './bins.ts'

/** How the trades' results are spread, and each of them. */
export function TradesTab({ run }: { run: RunDetail }) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const bins = useMemo(() => toBins(run.trades.map(({ pnl_pct }) => Number(pnl_pct))), [run.trades])
  if (run.trades.length === 0) {
    return (
      <Card>
        <EmptyState title={t('runs.tradesEmpty')} />
      </Card>
    )
  }
  const digits = bins.every(({ from }) => Number.isInteger(from)) ? 0 : 2
  const bound = (value: number) => formatPercent(value, { signed: true, digits })
  return (
    <div className="space-y-4">
      <Card title={t('result.distribution')} description={t('result.distributionHint')}>
        <BarTable
          label={t('result.distribution')}
          head={[t('field.return'), t('field.trades')]}
          isDiverging={false}
          bars={bins.map(({ from, to, count }) => ({
            key: String(from),
            label: t('result.between', { from: bound(from), to: bound(to) }),
            // Losses are told from gains by their side of zero, which the label says too.
            value: from < 0 ? -count : count,
            text: formatInteger(count),
          }))}
        />
      </Card>
      <Card title={t('runs.trades')}>
        <TradesTable
          label={t('runs.trades')}
          rows={run.trades}
          name="run-trades"
          csv={() => client.deck.runs.tradesCsv.query({ run_id: run.run_id })}
        />
      </Card>
    </div>
  )
}
