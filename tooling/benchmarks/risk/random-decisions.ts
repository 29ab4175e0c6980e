import {
  createRandom,
  initialRiskState,
  type RecentOrder,
  resolveLimits,
  type RiskRequest,
  type RiskState,
  type RiskStates,
  type ScopedLimits,
} from '@quantdeck/risk'

/** Everything one decision needs. */
export interface Decision {
  request: RiskRequest
  states: RiskStates
  limits: ScopedLimits
}

const NOW = Date.parse('2026-01-07T15:00:00Z')

/** Draws decisions of which about half are allowed; every rule is breached by some. The same seed, the same decisions. */
export function randomDecisions(seed: number, count: number): Decision[] {
  const draw = new Draw(createRandom(seed))
  return Array.from({ length: count }, () => decisionOf(draw))
}

class Draw {
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  whole(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1))
  }

  /** Once in so many. */
  rarely(times: number): boolean {
    return this.whole(1, times) === 1
  }

  one<T>(...choices: [T, ...T[]]): T {
    return choices[this.whole(0, choices.length - 1)] ?? choices[0]
  }

  /** A decimal string of up to so many places. */
  amount(from: number, to: number, places: number): string {
    return (from + this.#random() * (to - from)).toFixed(this.whole(0, places))
  }

  maybe<T>(value: T): T | null {
    return this.rarely(40) ? null : value
  }
}

function decisionOf(draw: Draw): Decision {
  const request = requestOf(draw)
  const strategy = limitsOf(draw)
  return {
    request,
    states: {
      strategy: stateOf(draw, 'strategy:s:PAPER', 30_000),
      account: stateOf(draw, 'account:PAPER', 100_000),
    },
    limits: { strategy, account: draw.rarely(4) ? limitsOf(draw) : resolveLimits() },
  }
}

function requestOf(draw: Draw): RiskRequest {
  const price = draw.amount(2_700, 3_300, 2)
  const orderType = draw.one('MARKET', 'MARKET', 'LIMIT', 'STOP')
  const isOdd = draw.rarely(30)
  const recent = (): RecentOrder => ({
    at: NOW - draw.whole(0, 90_000),
    symbol: draw.one('SPX', 'USD/COP'),
    side: draw.one('BUY', 'SELL'),
    orderType: draw.one('MARKET', 'LIMIT'),
    quantity: draw.one('2', '2.00', draw.amount(0, 4, 2)),
    price: draw.one(null, price, '3000.0'),
    notionalUsd: draw.amount(0, 9_000, 8),
  })
  return {
    now: NOW,
    order: {
      strategyId: 's',
      mode: 'PAPER',
      symbol: 'SPX',
      side: draw.one('BUY', 'SELL'),
      quantity: draw.one('2', draw.amount(0, 4, 2), draw.amount(0, 12, 3)),
      orderType,
      limitPrice: (orderType === 'LIMIT') !== isOdd ? draw.one('3000.00', price) : null,
      stopPrice: (orderType === 'STOP') !== isOdd ? price : null,
      timeInForce: draw.one('DAY', 'GTC', 'OPG'),
      origin: draw.one('signal', 'api', 'kill_flatten'),
      reduceOnly: draw.rarely(8),
      stopLoss: draw.rarely(6) ? draw.one(null, null, '0', '-1') : draw.amount(2_600, 3_400, 3),
      takeProfit: draw.rarely(2) ? null : draw.amount(3_000, 3_600, 2),
      expiresAt: draw.rarely(10) ? NOW + draw.whole(-1, 1) : null,
      allowDuplicate: draw.rarely(10),
    },
    instrument: draw.maybe({
      symbol: 'SPX',
      contractType: draw.one('INDEX', 'FX'),
      tickSize: '0.01',
      lotSize: '0.01',
      minQuantity: '0.01',
      maxQuantity: draw.one(null, '10'),
      barIntervalSeconds: 300,
    }),
    market: {
      isOpen: draw.rarely(10) ? draw.one(false, null) : true,
      referencePrice: draw.maybe(draw.one('3000', draw.amount(2_900, 3_100, 4))),
      unitValueUsd: draw.maybe(draw.amount(2_700, 3_300, draw.one(2, 2, 8))),
      feed: draw.maybe({
        kind: draw.one('ticks', 'bars'),
        ageSeconds: draw.maybe(draw.whole(0, 12)),
        intervalSeconds: 300,
      }),
    },
    books: {
      strategyEquityUsd: draw.maybe(draw.amount(25_000, 35_000, 8)),
      accountEquityUsd: draw.maybe(draw.amount(80_000, 120_000, 8)),
      allocationUsd: draw.maybe('30000.00'),
      freeBalanceUsd: draw.maybe(draw.amount(0, 100_000, 8)),
      estimatedFeesUsd: draw.amount(0, 5, 8),
      workingBuysUsd: draw.amount(0, 9_000, 8),
      positionQuantity: draw.one('0', draw.amount(-6, 6, 2)),
      workingSameSideQuantity: draw.one('0', draw.amount(0, 3, 2)),
      strategyGrossUsd: draw.amount(0, 25_000, 8),
      accountGrossUsd: draw.amount(0, 95_000, 8),
      otherOpenPositions: { strategy: draw.whole(0, 4), account: draw.whole(0, 21) },
      workingEntryOrders: { strategy: draw.whole(0, 3), account: draw.whole(0, 5) },
      activeOrders: draw.whole(0, 51),
    },
    tradingStates: {
      global: stateAt(draw),
      strategy: stateAt(draw),
      symbol: stateAt(draw),
    },
    permission: draw.rarely(30)
      ? { allowed: false, reason: draw.one(null, 'not approved') }
      : { allowed: true, reason: null },
    recentOrders: Array.from({ length: draw.whole(0, 5) }, recent).sort((a, b) => a.at - b.at),
    messageBucket: draw.one(null, { milliTokens: draw.whole(0, 10_000), at: NOW - draw.whole(-5, 500) }),
    restingOrders: Array.from({ length: draw.whole(0, 3) }, (_, index) => ({
      orderId: `resting-${index}`,
      symbol: draw.one('SPX', 'USD/COP'),
      side: draw.one('BUY', 'SELL'),
      limitPrice: draw.amount(2_700, 3_300, 2),
    })),
    signal: draw.one(null, {
      signal: draw.one('LONG', 'SHORT', 'CLOSE'),
      signalAt: NOW - draw.whole(0, 1_600_000),
      alreadyUsed: draw.rarely(20),
      confidence: draw.whole(0, 100) / 100,
    }),
    modelHealth: draw.one(null, 'healthy', 'warning', draw.one('healthy', 'critical')),
  }
}

function stateAt(draw: Draw): 'ACTIVE' | 'REDUCING' | 'HALTED' {
  return draw.rarely(15) ? draw.one('REDUCING', 'HALTED') : 'ACTIVE'
}

function stateOf(draw: Draw, scope: string, equity: number): RiskState {
  const latch = (times: number): number | null => (draw.rarely(times) ? NOW - draw.whole(1, 9_999) : null)
  return {
    ...initialRiskState(scope, { equity: draw.amount(equity * 0.9, equity * 1.1, 8), dayKey: '2026-01-07' }),
    drawdownTrippedAt: latch(30),
    dailyLossBlockedAt: latch(20),
    entryOrderIds: Array.from({ length: draw.whole(0, 19) }, String),
    consecutiveLosses: draw.whole(0, 3),
    cooldownUntil: draw.rarely(10) ? NOW + draw.whole(-2, 2) : null,
    stopExits: Array.from({ length: draw.whole(0, 3) }, () => ({
      at: NOW - draw.whole(0, 7_200_000),
      symbol: draw.one('SPX', 'USD/COP'),
      side: draw.one('BUY', 'SELL'),
    })),
    collarTrippedAt: latch(50),
    executions: draw.whole(0, 12),
    throttleTrippedAt: latch(50),
    reconciliationTrippedAt: latch(50),
  }
}

function limitsOf(draw: Draw) {
  return resolveLimits({
    denySymbols: draw.rarely(30) ? ['SPX'] : [],
    allowSymbols: draw.one(null, ['SPX', 'USD/COP'], draw.rarely(10) ? ['USD/COP'] : ['SPX']),
    maxOrderQuantity: draw.one(null, '3.5'),
    maxOrderQuantityBySymbol: draw.rarely(3) ? { SPX: '2.75' } : {},
    maxPositionNotionalUsd: draw.one(null, '25000.0'),
    maxGrossExposure: draw.one('1', '0.9'),
    maxOpenPositions: draw.one(20, 4),
    executionThrottle: draw.one(null, 10),
    signalThreshold: draw.one(null, 0.6),
    reducingExemptFromMarketClosed: !draw.rarely(4),
    stopLossGuard: {
      count: draw.one(null, 2),
      lookbackMinutes: 60,
      durationMinutes: 60,
      locks: draw.one('symbol', 'side', 'all'),
    },
  })
}
