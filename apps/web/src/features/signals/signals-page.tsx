import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Outputs } from '../../lib/app-router.ts'
import { SIGNALS } from '../../lib/search.ts'
import { trpc } from '../../lib/trpc.ts'
import { Page } from '../../shell/page.tsx'
import { MarketHeader } from './market-header.tsx'
import { SignalCard } from './signal-card.tsx'
import { SignalHistory } from './signal-history.tsx'
import { StreamLog } from './stream-log.tsx'

type Signal = Outputs['rl']['signals']['latest']['signals'][number]

const GRID = 'grid gap-3 sm:grid-cols-2 xl:grid-cols-4'

export function SignalsPage() {
  const { t } = useTranslation()
  const latest = trpc.rl.signals.latest.useQuery({}, { refetchInterval: 5_000 })
  const markets = trpc.deck.market.status.useQuery({}, { refetchInterval: 2_000 })
  const openMarkets = new Set(
    markets.data?.data.filter((market) => market.market_status === 'open').map((market) => market.symbol),
  )
  const { strategy, signal: wanted } = useSearch({ from: '/deck/signals' })
  const isFiltered = strategy !== undefined || wanted !== undefined
  const shown = (all: readonly Signal[]) =>
    all.filter(
      (one) =>
        (strategy === undefined || one.strategy_code === strategy) &&
        (wanted === undefined || one.signal === wanted),
    )
  return (
    <Page title={t('signals.title')} actions={<SignalFilters />}>
      <MarketHeader />
      <section aria-labelledby="per-model" className="space-y-2.5">
        <h2 id="per-model" className="text-sm font-semibold">
          {t('signals.perModel')}
        </h2>
        <DataBlock
          query={latest}
          staleAfterMs={45_000}
          skeleton={<CardsSkeleton />}
          isEmpty={(data) => shown(data.signals).length === 0}
          empty={
            isFiltered
              ? { title: t('state.filtersEmpty') }
              : { title: t('signals.empty'), text: t('signals.emptyText') }
          }
        >
          {(data) => (
            <div className={GRID}>
              {shown(data.signals).map((signal) => (
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

/** What holds for the cards, the stream and the history alike. */
function SignalFilters() {
  const { t } = useTranslation()
  const { strategy, signal } = useSearch({ from: '/deck/signals' })
  const navigate = useNavigate({ from: '/signals' })
  const change = (next: { strategy?: string | undefined; signal?: Signal['signal'] | undefined }) =>
    void navigate({ search: (current) => ({ ...current, ...next, page: undefined }), replace: true })
  return (
    <>
      <Picker
        label={t('field.strategy')}
        value={strategy}
        allLabel={`${t('field.strategy')}: ${t('table.any')}`}
        options={useStrategyOptions()}
        onChange={(value) => change({ strategy: value })}
      />
      <Picker
        label={t('field.signal')}
        value={signal}
        allLabel={`${t('field.signal')}: ${t('table.any')}`}
        options={SIGNALS.map((value) => [value, t(`signal.${value}`)] as const)}
        onChange={(value) => change({ signal: value })}
      />
    </>
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
