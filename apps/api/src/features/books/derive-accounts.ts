import {
  type Decimal,
  type DerivedBook,
  ensureDefined,
  type FillLedger,
  type Instrument,
  type TradingMode,
  ZERO,
} from '@quantdeck/domain'
import { valuePosition } from '../../desk/valuation.ts'

/** The books of an account or a strategy, derived from its fills; money in USD. */
export interface DerivedAccount {
  mode: TradingMode
  /** Null: the account. */
  strategyId: string | null
  trades: number
  openPositions: number
  /** Net of fees. */
  realizedPnl: Decimal
  fees: Decimal
  /** Capital + realised - cost of what is held. */
  cash: Decimal
  /** At the last marks; a position without one is worth its entry. */
  unrealizedPnl: Decimal
  /** Capital + realised + unrealised. */
  equity: Decimal
}

/** What an account or a strategy was given, USD. */
export interface Capital {
  mode: TradingMode
  strategyId: string | null
  amount: Decimal
  /** Curve points before this had another amount; null where it never changes. */
  since: Date | null
}

export interface LedgerAtMarks {
  ledger: FillLedger
  instruments: ReadonlyMap<string, Instrument>
  /** By equity scope, accounts before their strategies. */
  capital: ReadonlyMap<string, Capital>
  marks: ReadonlyMap<string, Decimal>
}

/** Each account, followed by the strategies that ever traded in it. */
export function deriveAccounts(derived: LedgerAtMarks): DerivedAccount[] {
  const all = [...derived.ledger.books.values()]
  return [...derived.capital].flatMap(([scope, capital]) => {
    const { mode, strategyId } = capital
    const books = all.filter(
      (book) => book.mode === mode && (strategyId === null || book.strategyId === strategyId),
    )
    const isShown = strategyId === null || books.length > 0
    return isShown ? [deriveAccount(derived, { scope, capital, books })] : []
  })
}

interface Scope {
  scope: string
  capital: Capital
  books: readonly DerivedBook[]
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce((a, b) => a.plus(b), ZERO)

function deriveAccount(derived: LedgerAtMarks, { scope, capital, books }: Scope): DerivedAccount {
  const positions = books.flatMap((book) => book.positions)
  const open = books.flatMap((book) => book.open ?? [])
  const realizedPnl = derived.ledger.realizedUsd(scope)
  const unrealizedPnl = sum(
    open.map((position) => {
      const instrument = ensureDefined(derived.instruments.get(position.symbol), position.symbol)
      return valuePosition(position, instrument, derived.marks.get(position.symbol) ?? null).unrealizedUsd
    }),
  )
  return {
    mode: capital.mode,
    strategyId: capital.strategyId,
    trades: positions.length - open.length,
    openPositions: open.length,
    realizedPnl,
    fees: sum(positions.map(({ feesUsd }) => feesUsd)),
    cash: capital.amount.plus(realizedPnl).minus(sum(open.map(({ costUsd }) => costUsd.abs()))),
    unrealizedPnl,
    equity: capital.amount.plus(realizedPnl).plus(unrealizedPnl),
  }
}
