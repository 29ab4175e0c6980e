import { trpc } from '../lib/trpc.ts'

/** The demo market names itself as the source of its instruments. */
export function useDemo(): boolean {
  const instruments = trpc.deck.marketData.listInstruments.useQuery({}, { staleTime: 10 * 60_000 })
  return instruments.data?.data.some(({ source }) => /simulated|re-dated/i.test(source)) ?? false
}
