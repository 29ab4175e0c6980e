/** Locks entries after several stop-loss exits (A05). Off when `count` is null. */
export interface StopLossGuardLimits {
  count: number | null
  lookbackMinutes: number
  durationMinutes: number
  /** What is locked: the symbol, the side in that symbol, or everything in the scope. */
  locks: 'symbol' | 'side' | 'all'
}

/**
 * Every configurable limit. Fractions are decimal strings ("0.15" = 15 %), money is USD as a decimal string.
 * `null` switches a limit off where the type allows it. Losses breach at >= the limit, sizes at >.
 */
export interface RiskLimits {
  /** A01, fraction of the peak equity. */
  maxDrawdown: string
  /** A01, from here on a warning is raised. */
  drawdownWarning: string
  /** A02, fraction of the equity at the day's open. */
  maxDailyLoss: string
  /** A03, entry orders with a fill per day. */
  maxTradesPerDay: number
  /** A03 and R16, share of the limit from which a warning is raised. */
  warningShare: string
  /** A04, consecutive losing trades that start a cooldown. */
  lossStreak: number
  cooldownMinutes: number
  stopLossGuard: StopLossGuardLimits
  /** R03, never traded, not even to reduce. */
  denySymbols: string[]
  /** R03, null: no allow-list. A strategy's universe is its allow-list. */
  allowSymbols: string[] | null
  /** R05, units, for instruments without a limit of their own; null: off. */
  maxOrderQuantity: string | null
  /** R05, units by symbol. */
  maxOrderQuantityBySymbol: Readonly<Record<string, string>>
  /** R06 */
  maxOrderNotionalOfAccountEquity: string
  maxOrderNotionalOfAllocation: string
  /** R07, fraction of the reference price. */
  priceCollar: string
  priceCollarFx: string
  /** More breaches than this within the window put the strategy into REDUCING. */
  collarBreaches: number
  collarWindowSeconds: number
  /** R09, USD; null: the strategy's allocation. */
  maxPositionNotionalUsd: string | null
  /** R10, fraction of the account's equity. */
  maxGrossExposure: string
  /** R11, fraction of the strategy's equity. */
  maxRiskPerTrade: string
  /** R11, fraction of the notional assumed at risk without a stop. */
  assumedRiskWithoutStop: string
  /** R12, of the scope; for a strategy its own `max_positions`. */
  maxOpenPositions: number
  /** R13, also the burst. */
  messagesPerSecond: number
  /** R14, fraction of the allocation within the window. */
  windowNotionalOfAllocation: string
  windowSeconds: number
  /** R15 */
  duplicateWindowSeconds: number
  /** R16, automated executions until a person re-arms (REDUCING from there on); null: off. */
  executionThrottle: number | null
  /** A06, passes in a row without a difference that end the REDUCING of one with. */
  reconciliationPasses: number
  /** R17 */
  maxActiveOrders: number
  /** R18, session time. */
  maxTickAgeSeconds: number
  /** R18, in expected bar intervals of session time. */
  maxBarAgeBars: number
  /** R19 */
  reducingExemptFromMarketClosed: boolean
  /** R23, in bars of the instrument's feed. */
  signalTtlBars: number
  /** R24, 0..1; null: off. */
  signalThreshold: number | null
}

/** The defaults of the risk specification; the three of the rl contract are 15 %, 5 % and 20 trades. */
export const DEFAULT_LIMITS: RiskLimits = Object.freeze<RiskLimits>({
  maxDrawdown: '0.15',
  drawdownWarning: '0.10',
  maxDailyLoss: '0.05',
  maxTradesPerDay: 20,
  warningShare: '0.8',
  lossStreak: 3,
  cooldownMinutes: 30,
  stopLossGuard: { count: null, lookbackMinutes: 60, durationMinutes: 60, locks: 'symbol' },
  denySymbols: [],
  allowSymbols: null,
  maxOrderQuantity: null,
  maxOrderQuantityBySymbol: {},
  maxOrderNotionalOfAccountEquity: '0.25',
  maxOrderNotionalOfAllocation: '1',
  priceCollar: '0.05',
  priceCollarFx: '0.01',
  collarBreaches: 3,
  collarWindowSeconds: 60,
  maxPositionNotionalUsd: null,
  maxGrossExposure: '1',
  maxRiskPerTrade: '0.02',
  assumedRiskWithoutStop: '0.1',
  maxOpenPositions: 20,
  messagesPerSecond: 10,
  windowNotionalOfAllocation: '2',
  windowSeconds: 60,
  duplicateWindowSeconds: 10,
  executionThrottle: null,
  reconciliationPasses: 2,
  maxActiveOrders: 50,
  maxTickAgeSeconds: 10,
  maxBarAgeBars: 2,
  reducingExemptFromMarketClosed: true,
  signalTtlBars: 5,
  signalThreshold: null,
})

/** Limits as stored: only what differs. */
export type LimitOverrides = Partial<RiskLimits>

/**
 * The limits in force: defaults, then the global overrides, then the strategy's. Call without a strategy for an account.
 * An override of `undefined` changes nothing. The deny-lists are united: a strategy cannot lift a global ban.
 */
export function resolveLimits(
  global: LimitOverrides | null = null,
  strategy: LimitOverrides | null = null,
): RiskLimits {
  return {
    ...DEFAULT_LIMITS,
    ...defined(global),
    ...defined(strategy),
    denySymbols: [...new Set([...(global?.denySymbols ?? []), ...(strategy?.denySymbols ?? [])])],
    maxOrderQuantityBySymbol: { ...global?.maxOrderQuantityBySymbol, ...strategy?.maxOrderQuantityBySymbol },
  }
}

function defined(overrides: LimitOverrides | null): LimitOverrides {
  return Object.fromEntries(Object.entries(overrides ?? {}).filter(([, value]) => value !== undefined))
}
