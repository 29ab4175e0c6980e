import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { Change } from '../../components/pnl.tsx'
import { SideLabel } from '../../components/side-label.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { Card } from '../../components/ui/card.tsx'
import { formatFraction, formatQuantity, formatUsd, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { OutcomeBadge } from '../signals/signal-history.tsx'

const SHOWN = 8

/** What a strategy holds and what it said last. */
export function StrategyActivity({ strategyId }: { strategyId: string }) {
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <OpenPositions strategyId={strategyId} />
      <RecentSignals strategyId={strategyId} />
    </div>
  )
}

function OpenPositions({ strategyId }: { strategyId: string }) {
  const { t } = useTranslation()
  const positions = trpc.v1.positions.list.useQuery(
    { strategy_id: strategyId, per_page: SHOWN },
    { refetchInterval: 15_000 },
  )
  return (
    <Card title={t('strategies.positions')} bodyClassName="pt-2">
      <DataBlock
        query={positions}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('positions.empty'), text: t('positions.emptyText') }}
      >
        {({ data }) => (
          <ul className="divide-y text-sm">
            {data.map((row) => (
              <li key={row.position_id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
                <Link
                  to="/positions/$positionId"
                  params={{ positionId: row.position_id }}
                  className="font-medium hover:text-accent hover:underline"
                >
                  {row.symbol}
                </Link>
                <SideLabel side={(toNumber(row.quantity) ?? 0) < 0 ? 'short' : 'long'} />
                <span className="num flex-1 text-muted">
                  {formatQuantity(row.quantity)} · {formatUsd(row.market_value)}
                </span>
                <Change value={row.unrealized_pnl} />
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </Card>
  )
}

function RecentSignals({ strategyId }: { strategyId: string }) {
  const { t } = useTranslation()
  const signals = trpc.deck.signals.list.useQuery(
    { strategy_id: strategyId, per_page: SHOWN },
    { refetchInterval: 15_000 },
  )
  return (
    <Card title={t('strategies.signals')} bodyClassName="pt-2">
      <DataBlock
        query={signals}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('signals.historyEmpty') }}
      >
        {({ data }) => (
          <ul className="divide-y text-sm">
            {data.map((row) => (
              <li key={row.signal_id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
                <SignalBadge signal={row.signal} />
                <span className="num text-muted">{formatFraction(row.confidence, 0)}</span>
                <span className="flex-1">
                  <OutcomeBadge outcome={row.outcome} />
                </span>
                <span className="text-xs">
                  <Age at={row.signal_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </Card>
  )
}
