import type { BarColumns } from '@quantdeck/backtest'
import { MAX_BARS } from '@quantdeck/contracts'
import type { ApiProcess } from './api-process.ts'
import { httpLoad } from './http-load.ts'

const REQUESTS_AT_A_TIME = 20

/** Brings bars of whole cents into the books as `quantdeck import bars` does: request by request. */
export async function importBars(
  api: ApiProcess,
  series: { symbol: string; intervalSeconds: number },
  bars: BarColumns,
): Promise<void> {
  const size = MAX_BARS * REQUESTS_AT_A_TIME
  for (let from = 0; from < bars.t.length; from += size) {
    const requests = []
    for (let at = from; at < Math.min(from + size, bars.t.length); at += MAX_BARS) {
      requests.push({ method: 'POST', path: '/v1/market-data/bars', body: bodyOf(series, bars, at) })
    }
    await httpLoad({ ...api, connections: 1, requests: [requests], expectedStatus: 202, pids: [] })
  }
}

function bodyOf(
  { symbol, intervalSeconds }: { symbol: string; intervalSeconds: number },
  { t, open, high, low, close, volume }: BarColumns,
  from: number,
): string {
  const rows = []
  for (let i = from; i < Math.min(from + MAX_BARS, t.length); i++) {
    rows.push({
      opened_at: new Date(t[i]!).toISOString(),
      ...{ open: open[i]!.toFixed(2), high: high[i]!.toFixed(2), low: low[i]!.toFixed(2) },
      ...{ close: close[i]!.toFixed(2), volume: String(volume[i]!) },
    })
  }
  return JSON.stringify({ symbol, interval_seconds: intervalSeconds, bars: rows })
}
