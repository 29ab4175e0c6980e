import type { RiskRequest, RiskStates, ScopedLimits } from '../src/request.ts'
import { type LimitOverrides, resolveLimits } from '../src/limits.ts'
import { initialRiskState } from '../src/state.ts'
import { fullBucket } from '../src/token-bucket.ts'

/** 2026-01-07 10:00 in New York. */
export const NOW: number = Date.parse('2026-01-07T15:00:00Z')

export const limitsOf = (strategy: LimitOverrides = {}, global: LimitOverrides = {}): ScopedLimits => ({
  strategy: resolveLimits(global, strategy),
  account: resolveLimits(global),
})

export const freshStates = (): RiskStates => ({
  strategy: initialRiskState('strategy:s:PAPER', { equity: '30000', dayKey: '2026-01-07' }),
  account: initialRiskState('account:PAPER', { equity: '100000', dayKey: '2026-01-07' }),
})

/** Objects may be given in part, lists and plain values as a whole. */
type PartOf<T> = T extends readonly unknown[] ? T : T extends object ? Partial<T> : T
export type Overrides = { [Key in keyof RiskRequest]?: PartOf<RiskRequest[Key]> }

/** A buy of 2 units at 3,000 USD, stop at 2,900, that every rule allows. */
export function requestOf(overrides: Overrides = {}): RiskRequest {
  const base: RiskRequest = {
    now: NOW,
    order: {
      strategyId: 's',
      mode: 'PAPER',
      symbol: 'SPX',
      side: 'BUY',
      quantity: '2',
      orderType: 'MARKET',
      limitPrice: null,
      stopPrice: null,
      timeInForce: 'DAY',
      origin: 'signal',
      reduceOnly: false,
      stopLoss: '2900',
    },
    instrument: {
      symbol: 'SPX',
      contractType: 'INDEX',
      tickSize: '0.01',
      lotSize: '0.01',
      minQuantity: '0.01',
      maxQuantity: '1000',
      barIntervalSeconds: 86_400,
    },
    market: {
      isOpen: true,
      referencePrice: '3000',
      unitValueUsd: '3000',
      feed: { kind: 'bars', ageSeconds: 1_800, intervalSeconds: 23_400 },
    },
    books: {
      strategyEquityUsd: '30000',
      accountEquityUsd: '100000',
      allocationUsd: '30000',
      freeBalanceUsd: '100000',
      estimatedFeesUsd: '1',
      workingBuysUsd: '0',
      positionQuantity: '0',
      workingSameSideQuantity: '0',
      strategyGrossUsd: '0',
      accountGrossUsd: '0',
      otherOpenPositions: { strategy: 0, account: 0 },
      workingEntryOrders: { strategy: 0, account: 0 },
      activeOrders: 0,
    },
    tradingStates: { global: 'ACTIVE', strategy: 'ACTIVE', symbol: 'ACTIVE' },
    permission: { allowed: true, reason: null },
    recentOrders: [],
    messageBucket: fullBucket(10, NOW),
    restingOrders: [],
    signal: { signal: 'LONG', signalAt: NOW - 1_000, alreadyUsed: false, confidence: 0.8 },
    modelHealth: 'healthy',
  }
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(overrides)) {
    const before = merged[key]
    const merges = isPlain(value) && isPlain(before)
    merged[key] = merges ? { ...before, ...value } : value
  }
  return asRequest(merged)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every key comes from a complete request and `Overrides` only allows parts of the right types. */
function asRequest(merged: Record<string, unknown>): RiskRequest {
  return merged as unknown as RiskRequest
}
