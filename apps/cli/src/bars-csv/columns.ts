/** Which cell of a row holds what. */
export interface Columns {
  date: number
  /** A second column with the time of day, as MetaTrader writes it. */
  time: number | null
  open: number | null
  high: number | null
  low: number | null
  close: number
  volume: number | null
}

const NAMES = {
  date: [
    'date',
    'datetime',
    'timestamp',
    'time',
    'day',
    'fecha',
    'vigenciadesde',
    'opentime',
    'gmttime',
    'localtime',
    'observationdate',
    'tradedate',
    'unix',
  ],
  open: ['open', 'apertura', 'openprice', 'pxopen'],
  high: ['high', 'max', 'maximo', 'highprice', 'pxhigh'],
  low: ['low', 'min', 'minimo', 'lowprice', 'pxlow'],
  close: [
    'close',
    'closelast',
    'cierre',
    'closeprice',
    'last',
    'ultimo',
    'price',
    'valor',
    'value',
    'rate',
    'trm',
    'pxlast',
    'settle',
    'nav',
  ],
  adjusted: ['adjclose', 'adjustedclose', 'closeadj'],
  volume: ['volume', 'vol', 'volumen', 'tickvolume', 'tickvol', 'pxvolume'],
} as const

/** A header that names no column we can use, said in one sentence. */
export class ColumnError extends Error {}

/** `Adj Close`, `adj_close` and `ADJ.CLOSE` are the same name. */
function normalise(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

export interface ColumnOptions {
  /** The column that holds the price, by its name in the file; makes single-price bars. */
  priceColumn?: string | undefined
  /** A column named like the symbol is its price. */
  symbol: string
}

/**
 * Finds the columns by their names, in any case and order. A price column alone makes bars of one price.
 * @throws {ColumnError} naming the columns there are
 */
export function findColumns(header: readonly string[], options: ColumnOptions): Columns {
  const names = header.map(normalise)
  const find = (wanted: readonly string[]) => {
    const hits = wanted.map((name) => names.indexOf(name)).filter((index) => index >= 0)
    return hits[0] ?? null
  }
  const date = find(NAMES.date) ?? (names[0] === '' ? 0 : findPrefix(names, /^(date|fecha)/))
  if (date === null) throw new ColumnError(`no date column: the columns are ${list(header)}`)
  const time = names[date] === 'date' ? find(['time']) : null
  const single = { date, time, open: null, high: null, low: null, close: 0, volume: null }
  const named = findNamedPrice(header, names, options)
  if (named !== null) return { ...single, close: named }
  const short = findShortNames(names)
  if (short !== null) return { ...short, date, time }
  const close = find(NAMES.close) ?? find(NAMES.adjusted) ?? findOnlyOther(names, date)
  if (close === null) {
    throw new ColumnError(
      `no price column (close, price, value, adj close ...): name one with --column; the columns are ${list(header)}`,
    )
  }
  return {
    date,
    time,
    open: find(NAMES.open),
    high: find(NAMES.high),
    low: find(NAMES.low),
    close,
    volume: find(NAMES.volume) ?? findPrefix(names, /^volume/),
  }
}

function findPrefix(names: readonly string[], prefix: RegExp): number | null {
  const index = names.findIndex((name) => prefix.test(name))
  return index < 0 ? null : index
}

/** In a file of two columns the other one is the price, unless it says that it holds returns. */
function findOnlyOther(names: readonly string[], date: number): number | null {
  const other = 1 - date
  if (names.length !== 2 || /return|retorno|change|pct|percent|yield/.test(names[other] ?? '')) return null
  return other
}

/** The column that the person names, or one that is called like the symbol (a file with one column per symbol). */
function findNamedPrice(
  header: readonly string[],
  names: readonly string[],
  options: ColumnOptions,
): number | null {
  const wanted = normalise(options.priceColumn ?? options.symbol)
  const index = wanted === '' ? -1 : names.indexOf(wanted)
  if (index >= 0) return index
  if (options.priceColumn === undefined) return null
  throw new ColumnError(`no column named ${options.priceColumn}: the columns are ${list(header)}`)
}

/** `o,h,l,c[,v]` count only together: a lone C is Citigroup. */
function findShortNames(names: readonly string[]): Omit<Columns, 'date' | 'time'> | null {
  const [open = -1, high = -1, low = -1, close = -1, volume = -1] = ['o', 'h', 'l', 'c', 'v'].map((name) =>
    names.indexOf(name),
  )
  if (Math.min(open, high, low, close) < 0) return null
  return { open, high, low, close, volume: volume < 0 ? null : volume }
}

function list(header: readonly string[]): string {
  return header.map((name) => JSON.stringify(name)).join(', ')
}
