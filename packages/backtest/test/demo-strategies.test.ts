import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { resolveLimits } from '@quantdeck/risk'
import { describe, expect, it } from 'vitest'
import type { StrategyInstance } from '../src/index.ts'
import { createStrategy, metricsOf, RiskEngineGate, runBacktest, toColumns } from '../src/index.ts'
import { readCsv } from './shared-data.ts'

const entry = createRequire(import.meta.url).resolve('vega-datasets')
const rows = readCsv(readFileSync(join(dirname(entry), '../data/sp500-2000.csv'), 'utf8'))
const fiveYears = rows
  .filter((row) => (row.date ?? '') >= '2015-02-19' && (row.date ?? '') <= '2020-02-19')
  .map((row) => ({
    t: Date.parse(`${row.date}T14:30Z`),
    closeT: Date.parse(`${row.date}T21:00Z`),
    open: Number(row.open),
    high: Number(row.high),
    low: Number(row.low),
    close: Number(row.close),
    volume: Number(row.volume),
  }))
const bars = toColumns(fiveYears)
const instrument = { symbol: 'SPX', tickSize: '0.01', lotSize: '0.01', multiplier: '1' }

describe('the defaults of the demo strategies on five years of the S&P 500, with costs and the risk engine', () => {
  it.each(['momentum', 'mean_reversion'])(
    '%s trades often and never loses a tenth of its allocation',
    (modelType) => {
      const risk = new RiskEngineGate({
        strategyId: modelType,
        limits: resolveLimits(),
        instruments: [
          {
            symbol: 'SPX',
            contractType: 'INDEX',
            tickSize: '0.01',
            lotSize: '0.01',
            minQuantity: '0.01',
            maxQuantity: null,
            barIntervalSeconds: 86_400,
          },
        ],
        allocation: '30000',
        accountShare: 0.3,
      })
      const result = runBacktest({
        symbols: [{ instrument, bars, strategy: createStrategy(modelType) as StrategyInstance }],
        initialCapital: '30000',
        risk,
      })
      const metrics = metricsOf(result)
      expect(result.t.length).toBe(1259)
      expect(metrics.totalTrades).toBeGreaterThanOrEqual(30)
      expect(metrics.maxDrawdown).toBeGreaterThan(-0.1)
      expect(result.riskEvents.filter((event) => event.type.startsWith('drawdown'))).toEqual([])
    },
  )
})
