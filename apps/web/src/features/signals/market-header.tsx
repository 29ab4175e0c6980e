import { Users } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { Change } from '../../components/pnl.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { cn } from '../../lib/cn.ts'
import { useFeed } from '../../lib/feed.ts'
import { formatDuration, formatPrice, toNumber } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'

type Market = Outputs['deck']['market']['status']['data'][number]

const TONE = { open: 'ok', pre_market: 'watch', closed: 'neutral' } as const

/** Price and session of every market, the primary one first and large. */
export function MarketHeader() {
  const markets = trpc.deck.market.status.useQuery({}, { refetchInterval: 2_000 })
  return (
    <DataBlock query={markets} staleAfterMs={30_000} skeleton={<Skeleton className="h-22 rounded-xl" />}>
      {({ data }) => (
        <div className="flex flex-wrap gap-3">
          {data
            .toSorted((a, b) => Number(b.is_primary) - Number(a.is_primary))
            .map((market) => (
              <MarketTile key={market.symbol} market={market} />
            ))}
          <Clients />
        </div>
      )}
    </DataBlock>
  )
}

function MarketTile({ market }: { market: Market }) {
  const { t } = useTranslation()
  const change = useLastChange(toNumber(market.market_price))
  return (
    <div
      className={cn(
        'flex min-w-0 flex-1 flex-wrap items-center gap-x-6 gap-y-2 rounded-xl border bg-surface px-4 py-3 shadow-card',
        market.is_primary ? 'basis-80' : 'basis-64',
      )}
    >
      <div>
        <p className="text-xs font-medium text-muted">{market.symbol}</p>
        <p className="num flex items-baseline gap-2">
          <span className={cn('font-semibold tracking-tight', market.is_primary ? 'text-2xl' : 'text-lg')}>
            {formatPrice(market.market_price)}
          </span>
          {change !== null && <Change value={change} unit="percent" digits={3} className="text-xs" />}
        </p>
      </div>
      <div className="space-y-1 text-xs">
        <Badge tone={TONE[market.market_status]}>{t(`market.${market.market_status}`)}</Badge>
        <p className="text-muted">
          <Countdown market={market} />
        </p>
      </div>
      {market.price_at !== null && (
        <p className="ml-auto text-xs">
          <Age at={market.price_at} />
        </p>
      )}
    </div>
  )
}

function Countdown({ market }: { market: Market }) {
  const { t } = useTranslation()
  const now = useNow()
  const open = market.market_status === 'open'
  const at = open ? market.next_close : market.next_open
  if (at === null) return <>{open ? t('market.always') : ''}</>
  const time = formatDuration((Date.parse(at) - now) / 1000)
  return <span className="num">{open ? t('market.closesIn', { time }) : t('market.opensIn', { time })}</span>
}

/** Percent between the last two different prices seen here. */
function useLastChange(price: number | null): number | null {
  const previous = useRef(price)
  const [change, setChange] = useState<number | null>(null)
  useEffect(() => {
    const before = previous.current
    if (price === null || price === before) return
    if (before !== null && before !== 0) setChange((price / before - 1) * 100)
    previous.current = price
  }, [price])
  return change
}

function Clients() {
  const { t } = useTranslation()
  const { clients } = useFeed()
  if (clients === null) return null
  return (
    <p className="num flex items-center gap-2 rounded-xl border bg-surface px-4 py-3 text-xs text-muted shadow-card">
      <Users aria-hidden className="size-4" /> {t('signals.clients', { count: clients })}
    </p>
  )
}
