import { Decimal } from '@quantdeck/domain'
import { createRandom } from '@quantdeck/risk'
import type { StrategyDecision } from '../strategies/port.ts'
import { Account } from './account.ts'
import { findBarProblem, findGaps, firstBarAt, sliceBars } from './bars.ts'
import type { HeldSymbol } from './benchmark.ts'
import { buyAndHold } from './benchmark.ts'
import { Book } from './book.ts'
import { Costs, DEFAULT_COSTS } from './costs.ts'
import { dataHash } from './data-hash.ts'
import { MoneyScale, Tape } from './money.ts'
import type { RiskGate } from './risk-gate.ts'
import type {
  Assumptions,
  BacktestHooks,
  BacktestInput,
  BacktestResult,
  BacktestTrade,
  OpenBacktestPosition,
  Sizing,
} from './types.ts'
import { BacktestCancelled } from './types.ts'
import { ENGINE_VERSION } from './version.ts'

/** Often enough that a slow strategy can be stopped within a second, seldom enough to cost nothing. */
const CHECK_EVERY = 4_096
const NO_NUMBERS = new Float64Array(0)
const DEFAULT_SIZING: Sizing = { kind: 'fraction', of: 'allocation', riskPerTrade: null }

/** Where a symbol stands on the common clock. */
interface Cursor {
  book: Book
  next: number
  /** First bar that trades. */
  start: number
  /** Open result in money units at the last mark. */
  unrealized: number
}

/** The union of the symbols' bar times from each one's start on, ascending. */
function clockOf(cursors: readonly Cursor[]): Float64Array {
  const [only, ...more] = cursors
  if (only && more.length === 0) return only.book.bars.t.subarray(only.start)
  const times = new Set<number>()
  for (const { book, start } of cursors) for (const t of book.bars.t.subarray(start)) times.add(t)
  return Float64Array.from(times).sort()
}

class Run {
  #input: BacktestInput
  #hooks: BacktestHooks
  readonly #scale: MoneyScale
  readonly #account: Account
  readonly #cursors: Cursor[]
  #clock: Float64Array
  #equity: Float64Array
  readonly #gate: RiskGate | null
  readonly #atClose: boolean
  #exposed = 0
  #ruined = false

  constructor(input: BacktestInput, hooks: BacktestHooks) {
    this.#input = input
    this.#hooks = hooks
    const capital = new Decimal(input.initialCapital)
    this.#scale = new MoneyScale(
      capital,
      input.symbols.map((symbol) => symbol.instrument),
    )
    this.#gate = input.risk ?? null
    this.#atClose = input.fill === 'close'
    this.#account = new Account(
      this.#scale,
      this.#scale.toUnits(capital),
      input.sizing ?? DEFAULT_SIZING,
      this.#gate,
    )
    this.#cursors = this.#openBooks()
    this.#clock = clockOf(this.#cursors)
    this.#equity = new Float64Array(this.#clock.length)
  }

  #openBooks(): Cursor[] {
    const random = createRandom(this.#input.seed ?? 1)
    return this.#input.symbols.map((source) => {
      const problem = this.#input.dataHash === undefined ? findBarProblem(source.bars) : null
      if (problem !== null) throw new RangeError(`${source.instrument.symbol}: ${problem}`)
      const tape = new Tape(source.instrument, this.#scale)
      const costs = new Costs(this.#input.costs ?? DEFAULT_COSTS, tape, this.#scale, random)
      const book = new Book(source, tape, costs, this.#account)
      this.#account.add(book)
      const start = firstBarAt(source.bars.t, this.#input.startT ?? Number.NEGATIVE_INFINITY)
      return { book, next: start, start, unrealized: 0 }
    })
  }

  execute(): BacktestResult {
    for (const cursor of this.#cursors) {
      for (let i = 0; i < cursor.start; i++) cursor.book.decide(i)
    }
    const total = this.#clock.length
    const firstT = this.#clock[0]
    if (firstT !== undefined && this.#gate) {
      const { unit } = this.#scale
      const format = (units: number): string => this.#scale.format(units)
      this.#gate.start({ t: firstT, equityUnits: this.#account.capital, unit, format })
    }
    const [only, ...more] = this.#cursors
    if (only && more.length === 0) this.#runSingle(only)
    else for (let step = 0; step < total; step++) this.#step(step)
    this.#finish()
    this.#report(total, total)
    return this.#result()
  }

  #report(done: number, total: number): void {
    if (this.#hooks.isCancelled?.()) throw new BacktestCancelled()
    this.#hooks.onProgress?.(done, total)
  }

  /** The loop of {@link Run.#step} for one symbol, which is most runs and most of their time. */
  #runSingle(cursor: Cursor): void {
    const total = this.#clock.length
    for (let from = 0; from < total; from += CHECK_EVERY) {
      this.#report(from, total)
      this.#runStretch(cursor, from, Math.min(from + CHECK_EVERY, total))
    }
    cursor.next = cursor.start + total
  }

  /**
   * What most bars need stands here in the open, with columns in local variables and few calls: V8 inlines only so much
   * into one function, and a number that a call returns is an object.
   */
  #runStretch(cursor: Cursor, from: number, to: number): void {
    const { book, start } = cursor
    const { low, high } = book.bars
    const { ticksPerPoint } = book.tape
    const account = this.#account
    const equity = this.#equity
    const gate = this.#gate
    const unit = this.#scale.unit
    const deciding = this.#input.finalExit === 'last_open' ? equity.length - 1 : equity.length
    let exposed = 0
    let worth = account.equity
    for (let step = from; step < to; step++) {
      const i = start + step
      if (book.isWaiting && !this.#ruined) book.fillWaiting(i)
      if (
        book.lots !== 0 &&
        (low[i]! * ticksPerPoint < book.touchBelow || high[i]! * ticksPerPoint >= book.touchFrom)
      )
        book.checkBracket(i)
      worth = account.cash
      if (book.lots !== 0) {
        exposed += 1
        worth += book.unrealized(i)
        if (worth <= 0) worth = this.#ruinAt(cursor, i)
      }
      equity[step] = worth / unit
      if (gate !== null) gate.onEquity(this.#clock[step]!, worth)
      if (this.#ruined || step >= deciding) continue
      const decision = book.decide(i)
      if (decision === null || decision.signal === 'HOLD') continue
      account.equity = worth
      this.#act(cursor, decision, i)
    }
    this.#exposed += exposed
    account.equity = worth
    cursor.unrealized = book.unrealized(start + to - 1)
  }

  #ruinAt(cursor: Cursor, i: number): number {
    cursor.next = i
    this.#ruin()
    return this.#account.equity
  }

  /** One instant: fills of every symbol first, then marks, then decisions, so that no symbol sees another's future. */
  #step(step: number): void {
    if (step % CHECK_EVERY === 0) this.#report(step, this.#clock.length)
    const t = this.#clock[step]!
    const account = this.#account
    for (const cursor of this.#cursors) {
      if (cursor.book.bars.t[cursor.next] === t && !this.#ruined) cursor.book.trade(cursor.next)
    }
    let open = 0
    let exposed = false
    for (const cursor of this.#cursors) {
      const { book, next } = cursor
      if (book.bars.t[next] === t) {
        cursor.unrealized = book.unrealized(next)
      }
      open += cursor.unrealized
      if (book.lots !== 0) exposed = true
    }
    account.equity = account.cash + open
    if (account.equity <= 0 && exposed) this.#ruin()
    if (exposed) this.#exposed += 1
    this.#equity[step] = account.equity / this.#scale.unit
    this.#gate?.onEquity(t, account.equity)
    const last = step === this.#clock.length - 1
    for (const cursor of this.#cursors) {
      if (cursor.book.bars.t[cursor.next] !== t) continue
      if (!this.#ruined && !(last && this.#input.finalExit === 'last_open')) this.#decide(cursor, cursor.next)
      cursor.next += 1
    }
  }

  #decide(cursor: Cursor, i: number): void {
    const decision = cursor.book.decide(i)
    if (decision !== null && decision.signal !== 'HOLD') this.#act(cursor, decision, i)
  }

  #act(cursor: Cursor, decision: StrategyDecision, i: number): void {
    cursor.book.order(decision, i)
    if (!this.#atClose) return
    cursor.book.fillAtClose(i)
    cursor.unrealized = cursor.book.unrealized(i)
  }

  /** Everything was lost: positions are closed at this close and the run trades no more. */
  #ruin(): void {
    this.#ruined = true
    for (const cursor of this.#cursors) this.#exitAt(cursor, 'close', 'ruin')
    this.#account.equity = this.#account.cash
  }

  #exitAt(cursor: Cursor, price: 'close' | 'open' | 'previous', reason: 'ruin' | 'end_of_data'): void {
    const { book } = cursor
    if (book.lots === 0) return
    const last = Math.min(cursor.next, book.bars.t.length - 1)
    const i = price === 'previous' ? Math.max(last - 1, 0) : last
    const column = price === 'open' ? book.bars.open : book.bars.close
    const t = price === 'open' ? book.bars.t[i]! : (book.bars.closeT?.[i] ?? book.bars.t[i]!)
    book.exit(i, book.tape.ticks(column[i]!), reason, t)
    cursor.unrealized = 0
  }

  #finish(): void {
    const how = this.#input.finalExit ?? 'last_close'
    if (how === 'keep' || this.#clock.length === 0) return
    const price = how === 'last_open' ? 'open' : how === 'previous_close' ? 'previous' : 'close'
    for (const cursor of this.#cursors) this.#exitAt(cursor, price, 'end_of_data')
    this.#account.equity = this.#account.cash
    this.#equity[this.#equity.length - 1] = this.#account.cash / this.#scale.unit
  }

  /** Lets go of everything large. */
  release(): void {
    this.#input = { symbols: [], initialCapital: '0' }
    this.#hooks = {}
    this.#clock = NO_NUMBERS
    this.#equity = NO_NUMBERS
    this.#account.release()
    for (const { book } of this.#cursors) book.release()
  }

  #held(): HeldSymbol[] {
    return this.#cursors.map(({ book, start }) => ({ bars: book.bars, tape: book.tape, start }))
  }

  #openPositions(): OpenBacktestPosition[] {
    return this.#cursors
      .filter(({ book }) => book.lots !== 0)
      .map(({ book, unrealized }) => ({
        symbol: book.symbol,
        side: book.lots > 0 ? 'LONG' : 'SHORT',
        quantity: book.tape.formatQuantity(Math.abs(book.lots)),
        entryTime: book.entryTime,
        entryPrice: book.tape.formatPrice(book.entryTicks),
        unrealizedPnl: this.#scale.format(unrealized),
      }))
  }

  /** Of the bars that traded: runs over the same days compare equal, however many bars warmed them up. */
  #dataHash(): string {
    return dataHash(
      this.#cursors.map(({ book, start }) => ({
        symbol: book.symbol,
        bars: sliceBars(book.bars, start, book.bars.t.length),
      })),
    )
  }

  #assumptions(): Assumptions {
    const input = this.#input
    return {
      engineVersion: ENGINE_VERSION,
      dataHash: input.dataHash ?? this.#dataHash(),
      seed: input.seed ?? 1,
      fill: input.fill ?? 'next_open',
      finalExit: input.finalExit ?? 'last_close',
      costs: input.costs ?? DEFAULT_COSTS,
      sizing: this.#account.sizing,
      riskEngine: this.#gate !== null,
      symbols: this.#cursors.map(({ book }) => book.symbol),
      bars: this.#cursors.reduce((sum, { book, start }) => sum + book.bars.t.length - start, 0),
      warmupBars: this.#cursors.reduce((sum, { start }) => sum + start, 0),
      gaps: this.#cursors.flatMap(({ book, start }) =>
        findGaps(book.bars, start).map((gap) => ({ ...gap, symbol: book.symbol })),
      ),
      notes: this.#ruined ? ['the whole capital was lost; trading stopped there'] : [],
    }
  }

  #result(): BacktestResult {
    const account = this.#account
    const scale = this.#scale
    const clock = this.#clock
    const benchmark = buyAndHold(this.#held(), account.capital, scale.unit)
    const log = account.trades
    let trades: BacktestTrade[] | null = null
    return {
      initialCapital: scale.format(account.capital),
      finalEquity: scale.format(account.equity),
      t: clock,
      equity: this.#equity,
      benchmarkAt: (step) => benchmark(clock[step]!),
      get trades() {
        return (trades ??= log.toTrades(scale))
      },
      tradeFigures: log.figures(scale.unit),
      openPositions: this.#openPositions(),
      totalFees: scale.format(account.fees),
      exposure: clock.length === 0 ? 0 : this.#exposed / clock.length,
      refusals: account.refusals,
      riskEvents: this.#gate?.events() ?? [],
      assumptions: this.#assumptions(),
    }
  }
}

/**
 * The last run without its columns, for its hidden classes only: V8 throws optimised code away when the last object of a
 * shape that it was made for is collected, and every run would begin as slowly as the first.
 */
const kept: { run: Run | null } = { run: null }

/**
 * Runs strategies over columns of bars: pure, seeded, deterministic; equal inputs give byte-identical results. Orders
 * decided at the close of a bar fill at the next open (or at that close). A gap through a stop fills at the open; when a
 * bar touches stop and target, the stop counts. Money is exact: whole ticks, lots and units, see {@link MoneyScale}.
 * @throws {RangeError} on columns that cannot be traded, or a capital too large to be counted exactly
 * @throws {StrategyFailed} if a strategy throws
 * @throws {BacktestCancelled} if `hooks.isCancelled` says so
 */
export function runBacktest(input: BacktestInput, hooks: BacktestHooks = {}): BacktestResult {
  const run = new Run(input, hooks)
  const result = run.execute()
  run.release()
  kept.run = run
  return result
}
