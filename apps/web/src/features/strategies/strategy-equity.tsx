import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { PERIODS } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { EquityChart } from '../chart/equity-chart.tsx'

/** What the strategy made of its allocation, in the mode that it trades in. */
export function StrategyEquity({ strategyId }: { strategyId: string }) {
  const { t } = useTranslation()
  const { period = '1y' } = useSearch({ from: '/deck/strategies/$strategyId' })
  const navigate = useNavigate({ from: '/strategies/$strategyId' })
  const curves = trpc.deck.metrics.strategyCurves.useQuery(
    { period },
    {
      refetchInterval: 60_000,
      placeholderData: (previous) => previous,
      select: ({ data }) => data.find((one) => one.strategy_id === strategyId)?.equity_curve ?? [],
    },
  )
  const picker = (
    <Segmented
      label={t('bar.period')}
      value={period}
      options={PERIODS.map((value) => [value, value === 'all' ? t('period.all') : value] as const)}
      onChange={(next) =>
        void navigate({
          search: (current) => ({ ...current, period: next }),
          replace: true,
          resetScroll: false,
        })
      }
    />
  )
  return (
    <Card title={t('overview.equity')} description={t(`period.${period}`)} actions={picker}>
      <DataBlock
        query={curves}
        skeleton={<Skeleton className="h-80" />}
        isEmpty={(curve) => curve.length < 2}
        empty={{ title: t('overview.equityEmpty'), text: t('overview.equityEmptyText') }}
      >
        {(curve) => <EquityChart points={curve} />}
      </DataBlock>
    </Card>
  )
}
