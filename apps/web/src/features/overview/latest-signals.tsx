import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { Card } from '../../components/ui/card.tsx'
import { RowsSkeleton } from '../../components/ui/skeleton.tsx'
import { formatFraction, formatPrice } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'

const SHOWN = 5

export function LatestSignals() {
  const { t } = useTranslation()
  const signals = trpc.rl.signals.latest.useQuery({}, { refetchInterval: 10_000 })
  return (
    <Card title={t('overview.latestSignals')} actions={<ViewAll to="/signals" />} bodyClassName="pt-2">
      <DataBlock
        query={signals}
        staleAfterMs={45_000}
        skeleton={<RowsSkeleton rows={4} />}
        isEmpty={(data) => data.signals.length === 0}
        empty={{ title: t('signals.empty'), text: t('signals.emptyText') }}
      >
        {(data) => (
          <ul className="divide-y">
            {data.signals.slice(0, SHOWN).map((signal) => (
              <li
                key={signal.strategy_code}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 text-sm"
              >
                <SignalBadge signal={signal.signal} />
                <span className="order-last min-w-0 basis-full sm:order-none sm:flex-1 sm:basis-auto sm:truncate">
                  <span className="font-medium">{signal.strategy_name}</span>{' '}
                  <span className="text-muted">{signal.symbol}</span>
                </span>
                <span className="num text-muted max-sm:hidden">
                  {signal.entry_price === undefined ? null : formatPrice(signal.entry_price)}
                </span>
                <span className="num font-medium sm:w-12 sm:text-right">
                  {formatFraction(signal.confidence, 0)}
                </span>
                <span className="ml-auto text-xs sm:ml-0 sm:w-24 sm:text-right">
                  <Age at={signal.timestamp} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </DataBlock>
    </Card>
  )
}

export function ViewAll({ to }: { to: '/signals' | '/alerts' | '/strategies' | '/risk' }) {
  const { t } = useTranslation()
  return (
    <Link to={to} className="text-xs font-medium text-accent underline-offset-2 hover:underline">
      {t('action.viewAll')}
    </Link>
  )
}
