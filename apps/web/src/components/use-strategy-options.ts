import { trpc } from '../lib/trpc.ts'

/** Id and name of every strategy in sight, for filters and forms. */
export function useStrategyOptions(): (readonly [string, string])[] {
  const strategies = trpc.v1.strategies.list.useQuery({}, { staleTime: 60_000 })
  return (strategies.data?.data ?? []).map((row) => [row.strategy_id, row.name] as const)
}
