import { listPendingMigrations, openDatabase, type Database } from '@quantdeck/db'
import type { BookDifference, Decimal } from '@quantdeck/domain'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { systemActor } from './auth/actor.ts'
import { chooseDatabase, type DatabaseChoice } from './database-choice.ts'
import { EnvError, parseStorageEnv } from './env.ts'
import type { DerivedAccount } from './features/books/derive-accounts.ts'
import { rebuildBooks, type RebuiltBooks } from './features/books/operations.ts'

const SHOWN_DIFFERENCES = 50

/**
 * `main.js books-rebuild [--json]`: what `quantdeck books rebuild` starts, because only the server's own code opens the
 * database. Reads and never corrects. @returns the exit code: 0 nothing differs, 1 something does, or it could not look
 */
export async function rebuildBooksCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } })
  try {
    const choice = chooseDatabase(parseStorageEnv())
    const db = await openExisting(choice)
    try {
      await assertCurrent(db)
      const books = await rebuildBooks({ db }, systemActor('books rebuild'))
      console.log(values.json === true ? JSON.stringify(books, null, 2) : report(books, choice))
      return books.differences.length === 0 ? 0 : 1
    } finally {
      await db.close()
    }
  } catch (error) {
    const isExpected =
      error instanceof EnvError || (error instanceof Error && / in use by /.test(error.message))
    console.error(isExpected && error instanceof Error ? `quantdeck: ${error.message}` : error)
    return 1
  }
}

/** @throws EnvError, or the lock's sentence while a server uses it */
export async function openExisting({ url, dataDir }: DatabaseChoice): Promise<Database> {
  if (url !== null) return openDatabase({ url })
  if (!existsSync(dataDir)) {
    throw new EnvError(
      `there is no database in ${dataDir}: start the server once, or set DATA_DIR to where it keeps its data`,
    )
  }
  return openDatabase({ dataDir })
}

/** Looking must not change anything, so it does not migrate either. @throws EnvError */
export async function assertCurrent(db: Database): Promise<void> {
  const pending = await listPendingMigrations(db)
  if (pending.length === 0) return
  throw new EnvError('the database is of an older version: start the server once, which brings it up to date')
}

function report({ counts, accounts, differences }: RebuiltBooks, choice: DatabaseChoice): string {
  const what = [
    [counts.fills, 'fills'],
    [counts.orders, 'orders'],
    [counts.positions, 'positions'],
    [counts.equityPoints, 'equity points'],
  ] as const
  const place = choice.url === null ? `${choice.dataDir} (${choice.label})` : choice.label
  return [
    `Derived from ${what.map(([count, name]) => `${count.toLocaleString('en-US')} ${name}`).join(', ')} of ${place}`,
    '',
    ...table(accountRows(accounts)),
    '',
    ...(differences.length === 0 ? ['Nothing differs from what is stored.'] : differenceLines(differences)),
  ].join('\n')
}

function accountRows(accounts: readonly DerivedAccount[]): string[][] {
  const usd = (value: Decimal) => value.toFixed(2)
  const head = ['USD', 'trades', 'open', 'realized', 'fees', 'cash', 'unrealized', 'equity']
  return [
    head,
    ...accounts.map((one) => [
      one.strategyId === null ? `${one.mode} account` : `  ${one.strategyId}`,
      ...[String(one.trades), String(one.openPositions)],
      ...[one.realizedPnl, one.fees, one.cash, one.unrealizedPnl, one.equity].map(usd),
    ]),
  ]
}

function differenceLines(differences: readonly BookDifference[]): string[] {
  const count = differences.length
  const rows = differences
    .slice(0, SHOWN_DIFFERENCES)
    .map(({ what, where, row, field, stored, derived }) => [
      what,
      where,
      row ?? '',
      field,
      stored ?? 'none',
      derived ?? 'none',
    ])
  const rest = count - rows.length
  return [
    `${count} ${count === 1 ? 'value is' : 'values are'} stored otherwise than the fills say; nothing was changed:`,
    '',
    ...table([['', 'book', 'row', 'field', 'stored', 'derived'], ...rows]),
    ...(rest > 0 ? [`... and ${rest} more (--json lists them)`] : []),
  ]
}

/** Columns of numbers to the right, others to the left. */
function table([head = [], ...rows]: readonly string[][]): string[] {
  const columns = head.map((title, column) => {
    const cells = rows.map((row) => row[column] ?? '')
    const isNumeric = cells.every((cell) => /^-?\d+(\.\d+)?$/.test(cell))
    const width = Math.max(title.length, ...cells.map((cell) => cell.length))
    return (cell: string) => (isNumeric ? cell.padStart(width) : cell.padEnd(width))
  })
  const line = (row: readonly string[]) => columns.map((pad, column) => pad(row[column] ?? '')).join('  ')
  return [head, ...rows].map((row) => line(row).trimEnd())
}
