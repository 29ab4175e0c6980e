import { toDecimal, type Decimal, type TradingMode } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable, Trx } from '../client.ts'
import type { AccountsTable } from '../schema/accounts.ts'

export interface Account {
  mode: TradingMode
  currency: string
  initialCapital: Decimal
  /** Rises with every change of the mode's books; a cached aggregate of an older version is out of date. */
  version: number
  createdAt: Date
}

function toAccount(row: Selectable<AccountsTable>): Account {
  return { ...row, initialCapital: toDecimal(row.initialCapital) }
}

export async function listAccounts(db: Queryable): Promise<Account[]> {
  return (await db.selectFrom('accounts').selectAll().orderBy('mode', 'desc').execute()).map(toAccount)
}

/** Does nothing if the mode has its account already. */
export async function ensureAccount(db: Queryable, account: Omit<Account, 'version'>): Promise<void> {
  await db
    .insertInto('accounts')
    .values({ ...account, initialCapital: account.initialCapital.toFixed() })
    .onConflict((conflict) => conflict.column('mode').doNothing())
    .execute()
}

/** What a broker reports an account to hold when it is first used; an account that has capital keeps it. */
export async function fundEmptyAccount(trx: Trx, mode: TradingMode, capital: Decimal): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({ initialCapital: capital.toFixed() })
    .where('mode', '=', mode)
    .where('initialCapital', '=', '0')
    .execute()
}

/** @returns the new version */
export async function bumpAccountVersion(trx: Trx, mode: TradingMode): Promise<number> {
  const { version } = await trx
    .updateTable('accounts')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .where('mode', '=', mode)
    .returning('version')
    .executeTakeFirstOrThrow(() => new Error(`there is no ${mode} account`))
  return version
}

/** After a change that every mode's books have to reload (kill switch, strategy): locks and bumps all accounts. */
export async function bumpAllAccountVersions(trx: Trx): Promise<void> {
  // Locked in one order, so that two of these cannot deadlock.
  await trx.selectFrom('accounts').select('mode').orderBy('mode').forNoKeyUpdate().execute()
  await trx
    .updateTable('accounts')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .execute()
}
