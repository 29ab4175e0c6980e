import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { MarketHeader } from './market-header.tsx'
import { SignalCard } from './signal-card.tsx'
import { SignalHistory } from './signal-history.tsx'
import { StreamLog } from './stream-log.tsx'

const GRID = 'grid gap-3 sm:grid-cols-2 xl:grid-cols-4'

export function SignalsPage() {
  const { t } = useTranslation()
  const latest = trpc.rl.signals.latest.useQuery({}, { refetchInterval: 5_000 })
  const markets = trpc.deck.market.status.useQuery({}, { refetchInterval: 2_000 })
  const openMarkets = new Set(
    markets.data?.data.filter((market) => market.market_status === 'open').map((market) => market.symbol),
  )
  return (
    <Page title={t('signals.title')}>
      <MarketHeader />
      <section aria-labelledby="per-model" className="space-y-2.5">
        <h2 id="per-model" className="text-sm font-semibold">
          {t('signals.perModel')}
        </h2>
        <DataBlock
          query={latest}
          staleAfterMs={45_000}
          skeleton={<CardsSkeleton />}
          isEmpty={(data) => data.signals.length === 0}
          empty={{ title: t('signals.empty'), text: t('signals.emptyText') }}
        >
          {(data) => (
            <div className={GRID}>
              {data.signals.map((signal) => (
                <SignalCard
                  key={signal.strategy_code}
                  signal={signal}
                  marketOpen={openMarkets.has(signal.symbol)}
                />
              ))}
            </div>
          )}
        </DataBlock>
      </section>
      <div className="grid gap-4 xl:grid-cols-[2fr_3fr] xl:items-start">
        <StreamLog />
        <SignalHistory />
      </div>
    </Page>
  )
}

function CardsSkeleton() {
  return (
    <div className={GRID}>
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} className="h-64 rounded-xl" />
      ))}
    </div>
  )
}
