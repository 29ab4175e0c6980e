import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Meter } from '../../components/ui/meter.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { formatDrawdown } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { RISK_TONE, riskColour, type RiskStatus } from './risk-state.ts'
import { useRiskHeadline } from './risk-words.ts'

/** The same state for each active strategy: limits latch per strategy as well as per account. */
export function StrategyRisk() {
  const { t } = useTranslation()
  const strategies = trpc.v1.strategies.list.useQuery({ status: 'active' }, { staleTime: 60_000 })
  return (
    <Card title={t('risk.perStrategy')}>
      <DataBlock
        query={strategies}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('overview.comparisonEmpty'), text: t('overview.comparisonEmptyText') }}
      >
        {({ data }) => (
          <ul className="grid gap-x-8 gap-y-4 md:grid-cols-2">
            {data.map((row) => (
              <li key={row.strategy_id}>
                <StrategyRow id={row.strategy_id} name={row.name} />
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </Card>
  )
}

function StrategyRow({ id, name }: { id: string; name: string }) {
  const risk = trpc.rl.risk.status.useQuery({ strategy_code: id }, { refetchInterval: 15_000 })
  return (
    <DataBlock query={risk} skeleton={<Skeleton className="h-12" />}>
      {(data) => <Row id={id} name={name} risk={data} />}
    </DataBlock>
  )
}

function Row({ id, name, risk }: { id: string; name: string; risk: RiskStatus }) {
  const { t } = useTranslation()
  const headline = useRiskHeadline(risk)
  const drawdown = Math.abs(risk.current_drawdown_pct)
  const tone = RISK_TONE[riskColour(risk)]
  const text = t('risk.of', {
    value: formatDrawdown(drawdown),
    limit: formatDrawdown(risk.limits.max_drawdown_pct, 0),
  })
  return (
    <div className="space-y-1.5">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <StrategyLink id={id} name={name} />
        <span className="flex items-center gap-3">
          <span className="num text-xs text-muted">{text}</span>
          <Badge tone={tone} className="num">
            {headline.title}
          </Badge>
        </span>
      </div>
      <Meter
        label={`${name}: ${t('risk.meterDrawdown')}`}
        text={text}
        value={drawdown}
        max={risk.limits.max_drawdown_pct}
        tone={tone}
      />
    </div>
  )
}
