import { describe, expect, it } from 'vitest'
import { Decimal } from '@quantdeck/domain'
import { type RiskEvent, type RiskState, apply, evaluate, resolveLimits } from '../src/index.ts'
import { freshStates, requestOf } from './fixtures.ts'
import { hasSharedData, readSharedJson } from './shared-data.ts'

interface Scenario {
  id: string
  limits: {
    max_drawdown_pct: number
    max_daily_loss_pct: number
    max_trades_per_day: number
    cooldown_after_losses: number
    cooldown_minutes: number
  }
  steps: Step[]
}
interface Step {
  at: string
  do: 'validate' | 'tradeResult' | 'resetKillSwitch'
  signal?: 'LONG' | 'SHORT' | 'CLOSE' | 'FLAT'
  currentDrawdownPct?: number
  pnlPct?: number
  confirm?: boolean
  expectAllowed?: boolean
  expectReasonKind?: string
  expectDone?: boolean
}

/** Both reasons of the upstream kill switch are the REDUCING state here; the trip itself is an event (spec: risk). */
const CODES: Record<string, string> = {
  kill_switch_triggered: 'TRADING_STATE_REDUCING',
  kill_switch_active: 'TRADING_STATE_REDUCING',
  daily_loss: 'DAILY_LOSS_LIMIT',
  trade_limit: 'MAX_TRADES_PER_DAY',
  cooldown: 'COOLDOWN_ACTIVE',
}

/**
 * The adapter of the scenarios, with the differences listed in the risk specification and no others: FLAT is CLOSE;
 * a drawdown is an equity mark against the (re-based) peak; steps are ordered by sequence; percentages of trades are of
 * the day's opening equity; a trade is one entry order.
 */
class Scene {
  readonly #limits
  #state: RiskState = freshStates().account
  #trades = 0
  readonly #dayOpen = new Decimal('100000')
  #dayPnlPct = new Decimal(0)

  constructor({ limits }: Scenario) {
    const fraction = (percent: number): string => new Decimal(percent).div(100).toFixed()
    this.#limits = resolveLimits({
      maxDrawdown: fraction(limits.max_drawdown_pct),
      maxDailyLoss: fraction(limits.max_daily_loss_pct),
      maxTradesPerDay: limits.max_trades_per_day,
      lossStreak: limits.cooldown_after_losses,
      cooldownMinutes: limits.cooldown_minutes,
    })
  }

  #apply(event: RiskEvent): void {
    this.#state = apply(this.#state, event, this.#limits)
  }

  validate(step: Step, at: number) {
    const drawdown = new Decimal(step.currentDrawdownPct ?? 0).div(100)
    const equity = new Decimal(this.#state.peakEquity).times(new Decimal(1).minus(drawdown)).toFixed()
    // Where the day has no trades yet, the drawdown was made on days before: it is not a loss of this day.
    const before = { type: 'day_rolled', at, dayKey: `before ${at} ${equity}`, equity } as const
    this.#apply(this.#trades === 0 ? before : { type: 'equity_marked', at, equity })
    const closes = step.signal === 'CLOSE' || step.signal === 'FLAT'
    const side = closes || step.signal === 'SHORT' ? 'SELL' : 'BUY'
    const request = requestOf({
      now: at,
      order: { side },
      books: { positionQuantity: closes ? '2' : '0' },
      signal: { signalAt: at, signal: closes ? 'CLOSE' : 'LONG' },
    })
    const { strategy } = freshStates()
    const limits = { strategy: resolveLimits(), account: this.#limits }
    return evaluate(request, { strategy, account: this.#state }, limits)
  }

  tradeResult(step: Step, at: number): void {
    this.#trades += 1
    this.#dayPnlPct = this.#dayPnlPct.plus(step.pnlPct ?? 0)
    const pnl = this.#dayOpen.times(step.pnlPct ?? 0).div(100)
    const equity = this.#dayOpen.plus(this.#dayOpen.times(this.#dayPnlPct).div(100))
    this.#apply({ type: 'entry_filled', at, orderId: `t${this.#trades}` })
    this.#apply({ type: 'trade_closed', at, netPnlUsd: pnl.toFixed() })
    this.#apply({ type: 'equity_marked', at, equity: equity.toFixed() })
  }

  /** Without the confirmation nobody has released anything: no event. */
  reset(step: Step, at: number): boolean {
    if (step.confirm === true) this.#apply({ type: 'released', at, equity: '84000' })
    return step.confirm === true
  }
}

describe.skipIf(!hasSharedData)('the reference scenarios of the risk gate', () => {
  const { scenarios } = hasSharedData
    ? readSharedJson<{ scenarios: Scenario[] }>('reference/risk_rules.json')
    : { scenarios: [] }

  it.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', (_, scenario) => {
    const scene = new Scene(scenario)
    for (const step of scenario.steps) {
      const at = Date.parse(`2026-01-07T${step.at}-05:00`)
      if (step.do === 'tradeResult') scene.tradeResult(step, at)
      else if (step.do === 'resetKillSwitch') expect(scene.reset(step, at)).toBe(step.expectDone)
      else {
        const verdict = scene.validate(step, at)
        expect(verdict.allowed).toBe(step.expectAllowed)
        const expected = CODES[step.expectReasonKind ?? '']
        expect(verdict.violations[0]?.code).toBe(expected)
      }
    }
    expect(scenario.steps.length).toBeGreaterThan(0)
  })
})
