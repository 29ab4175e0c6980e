import { Decimal } from '@quantdeck/domain'
import { createRandom } from '@quantdeck/risk'
import { Account } from './account.ts'
import { findBarProblem, findGaps, firstBarAt, sliceBars } from './bars.ts'
import type { HeldSymbol } from './benchmark.ts'
import { buyAndHoldCurve } from './benchmark.ts'
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
  OpenBacktestPosition,
  Sizing,
} from './types.ts'
import { BacktestCancelled } from './types.ts'
import { ENGINE_VERSION } from './version.ts'

/** Often enough that a slow strategy can be stopped within a second, seldom enough to cost nothing. */
const CHECK_EVERY = 4_096
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
  readonly #input: BacktestInput
  readonly #hooks: BacktestHooks
  readonly #scale: MoneyScale
  readonly #account: Account
  readonly #cursors: Cursor[]
  readonly #clock: Float64Array
  readonly #equity: Float64Array
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
    const { book, start } = cursor
    const account = this.#account
    const equity = this.#equity
    const unit = this.#scale.unit
    const total = this.#clock.length
    const deciding = this.#input.finalExit === 'last_open' ? total - 1 : total
    for (let step = 0; step < total; step++) {
      const i = start + step
      if (step % CHECK_EVERY === 0) this.#report(step, total)
      cursor.next = i
      if (!this.#ruined) book.trade(i)
      const exposed = book.lots !== 0
      cursor.unrealized = book.unrealized(i)
      account.equity = account.cash + cursor.unrealized
      if (exposed) {
        this.#exposed += 1
        if (account.equity <= 0) this.#ruin()
      }
      equity[step] = account.equity / unit
      if (this.#gate !== null) this.#gate.onEquity(this.#clock[step]!, account.equity)
      if (step < deciding && !this.#ruined) this.#decide(cursor, i)
    }
    cursor.next = start + total
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
    if (decision === null || decision.signal === 'HOLD') return
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
    return {
      initialCapital: this.#scale.format(account.capital),
      finalEquity: this.#scale.format(account.equity),
      t: this.#clock,
      equity: this.#equity,
      benchmark: buyAndHoldCurve(this.#clock, this.#held(), account.capital, this.#scale.unit),
      trades: account.trades,
      openPositions: this.#openPositions(),
      totalFees: this.#scale.format(account.fees),
      exposure: this.#clock.length === 0 ? 0 : this.#exposed / this.#clock.length,
      refusals: account.refusals,
      riskEvents: this.#gate?.events() ?? [],
      assumptions: this.#assumptions(),
    }
  }
}

/**
 * Runs strategies over columns of bars: pure, seeded, deterministic; equal inputs give byte-identical results. Orders
 * decided at the close of a bar fill at the next open (or at that close). A gap through a stop fills at the open; when a
 * bar touches stop and target, the stop counts. Money is exact: whole ticks, lots and units, see {@link MoneyScale}.
 * @throws {RangeError} on columns that cannot be traded, or a capital too large to be counted exactly
 * @throws {StrategyFailed} if a strategy throws
 * @throws {BacktestCancelled} if `hooks.isCancelled` says so
 */
export function runBacktest(input: BacktestInput, hooks: BacktestHooks = {}): BacktestResult {
  return new Run(input, hooks).execute()
}
