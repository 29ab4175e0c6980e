import { SECOND_MS } from '@quantdeck/domain'

import { systemActor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { listMarkets } from '../market/operations.ts'
import type { ServiceReports } from './probes.ts'

/** Fresh by the rule that orders are judged by (R18): age counts in session time, so a closed market is not stale. */
export async function probeDataFeed(deps: Deps): Promise<ServiceReports['data_feed']> {
  const markets = await listMarkets(deps, systemActor('health'))
  const priced = markets.flatMap(({ priceAt, isStale, instrument }) =>
    priceAt === null ? [] : [{ at: priceAt.getTime(), isStale, symbol: instrument.symbol }],
  )
  if (priced.length === 0) {
    return {
      status: 'degraded',
      lastUpdate: null,
      stalenessSeconds: null,
      detail: 'No price has come in yet',
    }
  }
  const latest = Math.max(...priced.map(({ at }) => at))
  const stalenessSeconds = Math.max(0, Math.floor((deps.clock.nowMs() - latest) / SECOND_MS))
  const stale = priced.filter(({ isStale }) => isStale).map(({ symbol }) => symbol)
  const report = { lastUpdate: new Date(latest), stalenessSeconds }
  if (stale.length === 0) return { ...report, status: 'healthy' }
  return { ...report, status: 'degraded', detail: `No fresh price of ${stale.slice(0, 5).join(', ')}` }
}
