import { Decimal, utcDay } from '@quantdeck/domain'
import type {
  RiskEvent,
  RiskInstrument,
  RiskLimits,
  RiskRequest,
  RiskState,
  RiskTransition,
} from '@quantdeck/risk'
import { apply, evaluate, initialRiskState, resolveLimits, strategyScope, transitions } from '@quantdeck/risk'
import type { GateAnswer, GateEntry, GateFill, GateTrade, RiskEventRecord, RiskGate } from './risk-gate.ts'

export interface RiskEngineOptions {
  strategyId: string
  /** The strategy's limits in force, `resolveLimits(global, own)`. */
  limits: RiskLimits
  /** The account's limits in force, `resolveLimits(global)`; default: the documented ones. */
  accountLimits?: RiskLimits
  instruments: readonly RiskInstrument[]
  /** Decimal string: the run's capital, which is the strategy's allocation. */
  allocation: string
  /**
   * Share of the trading account that the strategy is allotted, in (0, 1]. A run has the allocation only; limits that are
   * fractions of the account see an account that is larger by this factor, as they do live. Default 1.
   */
  accountShare?: number
  /** Most positions at a time; default: the limits'. */
  maxPositions?: number
}

const MESSAGES: Record<RiskTransition, string> = {
  drawdown_warning: 'the drawdown reached its warning level',
  drawdown_tripped: 'the maximum drawdown was reached: no entries until a person releases it',
  daily_loss_blocked: 'the daily loss limit was reached: no entries until the next day',
  trades_warning: 'most trades of the day are used up',
  trades_blocked: 'the trades of the day are used up',
  cooldown_started: 'a streak of losses started a cooldown',
  cooldown_extended: 'another loss restarted the cooldown',
  stop_loss_guard_locked: 'several stops in a row locked entries',
  collar_tripped: 'prices left the collar too often: no entries',
  throttle_warning: 'most automated executions are used up',
  throttle_tripped: 'the automated executions are used up: no entries',
  released: 'released',
  // Of a broker's books, which a backtest has not.
  reconciliation_tripped: 'the books differ from the broker: no entries',
  reconciliation_cleared: 'the books agree with the broker again',
}

/** Doubles that screen whether an exact fold could change anything; a hair wide, so that they never screen too much. */
interface Screen {
  /** Highest equity seen, in money units. */
  peak: number
  dayOpen: number
  drawdownFrom: number
  lossFrom: number
}

/**
 * The live risk engine inside a backtest: the same `apply` folds, the same `evaluate` judges. Days are UTC days of the
 * bars. A trip of the drawdown limit lasts to the end of the run: nobody is there to release it.
 */
export class RiskEngineGate implements RiskGate {
  readonly #options: RiskEngineOptions
  readonly #limits: RiskLimits
  readonly #accountLimits: RiskLimits
  readonly #records: RiskEventRecord[] = []
  #state: RiskState
  #format: (units: number) => string = String
  #screen: Screen = { peak: 0, dayOpen: 0, drawdownFrom: 0, lossFrom: 0 }
  #equity = 0
  /** The day's last instant; most bars are within it. */
  #dayEnd = Number.NEGATIVE_INFINITY

  constructor(options: RiskEngineOptions) {
    this.#options = options
    const { maxPositions } = options
    this.#limits = {
      ...options.limits,
      ...(maxPositions !== undefined && { maxOpenPositions: maxPositions }),
    }
    this.#accountLimits = options.accountLimits ?? resolveLimits()
    const start = { equity: options.allocation, dayKey: '' }
    this.#state = initialRiskState(strategyScope(options.strategyId, 'BACKTEST'), start)
  }

  start({ t, equityUnits, format }: Parameters<RiskGate['start']>[0]): void {
    this.#format = format
    this.#equity = equityUnits
    this.#state = { ...this.#state, dayKey: utcDay(t), dayOpenEquity: format(equityUnits) }
    this.#dayEnd = endOfDay(t)
    this.#aim(equityUnits, equityUnits)
  }

  /** Where the next exact look is due: the tighter of what warns and what trips. */
  #aim(peak: number, dayOpen: number): void {
    const drawdown = this.#state.drawdownWarned ? this.#limits.maxDrawdown : this.#limits.drawdownWarning
    const hair = 1 + 1e-9
    this.#screen = {
      peak,
      dayOpen,
      drawdownFrom: this.#state.drawdownTrippedAt === null ? peak * (1 - Number(drawdown)) * hair : -Infinity,
      lossFrom:
        this.#state.dailyLossBlockedAt === null
          ? dayOpen * (1 - Number(this.#limits.maxDailyLoss)) * hair
          : -Infinity,
    }
  }

  onEquity(t: number, equityUnits: number): void {
    if (t > this.#dayEnd) this.#roll(t)
    this.#equity = equityUnits
    const { peak, dayOpen, drawdownFrom, lossFrom } = this.#screen
    if (equityUnits > peak) {
      // Only the highest of several peaks matters: it is folded in when something is decided by it.
      this.#aim(equityUnits, dayOpen)
    } else if (equityUnits <= drawdownFrom || equityUnits <= lossFrom) {
      this.#markPeak(t)
      this.#fold({ type: 'equity_marked', at: t, equity: this.#format(equityUnits) })
      this.#aim(peak, dayOpen)
    }
  }

  #markPeak(t: number): void {
    const peak = this.#format(this.#screen.peak)
    if (new Decimal(peak).gt(this.#state.peakEquity))
      this.#fold({ type: 'equity_marked', at: t, equity: peak })
  }

  #roll(t: number): void {
    this.#markPeak(t)
    this.#fold({ type: 'day_rolled', at: t, dayKey: utcDay(t), equity: this.#format(this.#equity) })
    this.#dayEnd = endOfDay(t)
    this.#aim(this.#screen.peak, this.#equity)
  }

  #fold(event: RiskEvent): void {
    const before = this.#state
    this.#state = apply(before, event, this.#limits)
    for (const type of transitions(before, this.#state, this.#limits)) {
      this.#records.push({ t: event.at, type, message: MESSAGES[type] })
    }
  }

  onFill(fill: GateFill): void {
    if (fill.t > this.#dayEnd) this.#roll(fill.t)
    if (fill.isEntry) this.#fold({ type: 'entry_filled', at: fill.t, orderId: fill.orderId })
    this.#fold({ type: 'executed', at: fill.t })
  }

  onTradeClosed(trade: GateTrade): void {
    const { t: at, symbol, positionSide, netPnl } = trade
    if (at > this.#dayEnd) this.#roll(at)
    this.#fold({ type: 'trade_closed', at, netPnlUsd: netPnl })
    if (trade.byStopLoss) this.#fold({ type: 'stop_exit', at, symbol, positionSide })
  }

  checkEntry(entry: GateEntry): GateAnswer {
    if (entry.t > this.#dayEnd) this.#roll(entry.t)
    this.#markPeak(entry.t)
    const states = { strategy: this.#state, account: this.#state }
    const limits = { strategy: this.#limits, account: this.#accountLimits }
    const verdict = evaluate(this.#request(entry), states, limits)
    const [first] = verdict.violations
    if (first === undefined) return { allowed: true }
    this.#records.push({ t: entry.t, type: 'entry_refused', message: `${first.code}: ${first.message}` })
    return { allowed: false, code: first.code, message: first.message }
  }

  #request(entry: GateEntry): RiskRequest {
    const { strategyId, instruments, allocation, accountShare = 1 } = this.#options
    const instrument = instruments.find(({ symbol }) => symbol === entry.symbol) ?? null
    // The rest of the account stands still beside the run.
    const elsewhere = new Decimal(allocation).times(1 / accountShare - 1)
    const withRest = (money: string): string =>
      new Decimal(money).plus(elsewhere).toDecimalPlaces(8).toFixed()
    const quantity = new Decimal(entry.quantity)
    return {
      now: entry.t,
      order: {
        strategyId,
        mode: 'BACKTEST',
        symbol: entry.symbol,
        side: entry.side,
        quantity: entry.quantity,
        orderType: entry.orderType,
        limitPrice: entry.orderType === 'LIMIT' ? entry.price : null,
        stopPrice: entry.orderType === 'STOP' ? entry.price : null,
        timeInForce: entry.orderType === 'MARKET' ? 'OPG' : 'GTC',
        origin: 'signal',
        reduceOnly: false,
        stopLoss: entry.stopLoss,
      },
      instrument,
      market: {
        isOpen: true,
        referencePrice: entry.referencePrice,
        unitValueUsd: new Decimal(entry.notional).div(quantity).toDecimalPlaces(18).toFixed(),
        feed: { kind: 'bars', ageSeconds: 0, intervalSeconds: instrument?.barIntervalSeconds ?? 1 },
      },
      books: {
        strategyEquityUsd: entry.equity,
        accountEquityUsd: withRest(entry.equity),
        allocationUsd: allocation,
        freeBalanceUsd: withRest(new Decimal(entry.equity).minus(entry.grossExposure).toFixed()),
        estimatedFeesUsd: entry.estimatedFees,
        workingBuysUsd: '0',
        positionQuantity: '0',
        workingSameSideQuantity: '0',
        strategyGrossUsd: entry.grossExposure,
        accountGrossUsd: entry.grossExposure,
        otherOpenPositions: { strategy: entry.openPositions, account: entry.openPositions },
        workingEntryOrders: { strategy: 0, account: 0 },
        activeOrders: 0,
      },
      tradingStates: { global: 'ACTIVE', strategy: 'ACTIVE', symbol: 'ACTIVE' },
      permission: { allowed: true, reason: null },
      recentOrders: [],
      messageBucket: null,
      restingOrders: [],
      signal: {
        signal: entry.side === 'BUY' ? 'LONG' : 'SHORT',
        signalAt: entry.t,
        alreadyUsed: false,
        confidence: entry.confidence,
      },
      modelHealth: null,
    }
  }

  events(): RiskEventRecord[] {
    return this.#records
  }
}

const DAY_MS = 86_400_000

function endOfDay(t: number): number {
  return Math.floor(t / DAY_MS) * DAY_MS + DAY_MS - 1
}
