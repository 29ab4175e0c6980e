import { deck } from '@quantdeck/contracts'
import type { ParsedFile } from '../bars-csv/parse-bars-csv.ts'
import type { Client } from '../client.ts'
import { CliError } from '../errors.ts'

export interface InstrumentOptions {
  symbol: string
  contractType: 'STOCK' | 'INDEX' | 'FX' | 'CRYPTO' | undefined
  currency: string | undefined
  isDryRun: boolean
}

/** Whether the server knows the symbol now, and whether it was made for this import. */
export type InstrumentState = 'known' | 'created' | 'would-be-created'

const PAIR = /^[A-Z]{3}\/([A-Z]{3})$/
const MOST_DECIMALS = 8

/** An import of a symbol that the server does not know makes it an instrument, with steps as fine as the file's prices. */
export async function ensureInstrument(
  client: Client,
  options: InstrumentOptions,
  parsed: ParsedFile,
): Promise<InstrumentState> {
  const { symbol } = options
  const { data } = await client.call(deck.marketData.listInstruments, {})
  if (data.some((instrument) => instrument.symbol === symbol)) return 'known'
  if (options.isDryRun) return 'would-be-created'
  const pair = PAIR.exec(symbol)
  const contractType = options.contractType ?? (pair === null ? 'STOCK' : 'FX')
  const currency = (options.currency ?? pair?.[1] ?? 'USD').toUpperCase()
  if (!/^[A-Z]{3}$/.test(currency)) throw new CliError(`--currency ${currency} is no currency such as USD`)
  await client.call(deck.marketData.createInstrument, {
    symbol,
    contract_type: contractType,
    currency,
    tick_size: tickSize(parsed),
    lot_size: contractType === 'CRYPTO' ? '0.0001' : '1',
    bar_interval_seconds: parsed.intervalSeconds,
    source: 'imported',
  })
  return 'created'
}

function tickSize({ bars }: ParsedFile): string {
  const decimals = bars.reduce((most, bar) => Math.max(most, (bar.close.split('.')[1] ?? '').length), 2)
  return `0.${'0'.repeat(Math.min(decimals, MOST_DECIMALS) - 1)}1`
}
