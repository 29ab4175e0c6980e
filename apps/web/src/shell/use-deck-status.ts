import { useSearch } from '@tanstack/react-router'
import { trpc } from '../lib/trpc.ts'

/** What every page shows around its content. The queries are shared: the cache answers all of their users. */
export function useRisk() {
  return trpc.rl.risk.status.useQuery({}, { refetchInterval: 10_000 })
}

export function useUnacknowledged(): number {
  const alerts = trpc.v1.alerts.list.useQuery(
    { acknowledged: false, per_page: 5 },
    { refetchInterval: 20_000 },
  )
  return alerts.data?.meta.unacknowledged_count ?? 0
}

export function useKillSwitch() {
  return trpc.deck.killSwitch.status.useQuery({}, { refetchInterval: 10_000 })
}

/** The mode filter of the whole deck, from the URL. */
export function useMode(): 'PAPER' | 'LIVE' | undefined {
  return useSearch({ strict: false }).mode
}
