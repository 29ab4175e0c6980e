import { toDecimal, type Instrument } from '@quantdeck/domain'
import type { Selectable } from 'kysely'
import type { Queryable } from '../client.ts'
import type { InstrumentsTable } from '../schema/instruments.ts'
import { decimalOrNull, textOrNull } from './values.ts'

function toInstrument(row: Selectable<InstrumentsTable>): Instrument {
  return {
    ...row,
    tickSize: toDecimal(row.tickSize),
    lotSize: toDecimal(row.lotSize),
    minQuantity: toDecimal(row.minQuantity),
    maxQuantity: decimalOrNull(row.maxQuantity),
    multiplier: toDecimal(row.multiplier),
  }
}

function toRow(instrument: Instrument) {
  return {
    ...instrument,
    tickSize: instrument.tickSize.toFixed(),
    lotSize: instrument.lotSize.toFixed(),
    minQuantity: instrument.minQuantity.toFixed(),
    maxQuantity: textOrNull(instrument.maxQuantity),
    multiplier: instrument.multiplier.toFixed(),
  }
}

export async function listInstruments(db: Queryable): Promise<Instrument[]> {
  return (await db.selectFrom('instruments').selectAll().orderBy('symbol').execute()).map(toInstrument)
}

export async function findInstrument(db: Queryable, symbol: string): Promise<Instrument | null> {
  const row = await db.selectFrom('instruments').selectAll().where('symbol', '=', symbol).executeTakeFirst()
  return row === undefined ? null : toInstrument(row)
}

/** @returns false if the symbol exists already */
export async function insertInstrument(db: Queryable, instrument: Instrument): Promise<boolean> {
  const inserted = await db
    .insertInto('instruments')
    .values(toRow(instrument))
    .onConflict((conflict) => conflict.column('symbol').doNothing())
    .returning('symbol')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function updateInstrument(db: Queryable, instrument: Instrument): Promise<void> {
  const { symbol, ...values } = toRow(instrument)
  await db.updateTable('instruments').set(values).where('symbol', '=', symbol).execute()
}
