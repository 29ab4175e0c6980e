/** Columns of bars, oldest first; times in milliseconds of the epoch. */
export interface BarColumns {
  length: number
  openedAtMs: Float64Array
  closedAtMs: Float64Array
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  volume: Float64Array
}

export const BAR_COLUMNS = ['openedAtMs', 'closedAtMs', 'open', 'high', 'low', 'close', 'volume'] as const
type Column = (typeof BAR_COLUMNS)[number]

/** How a column is written: evenly spaced, as whole numbers of 10^-decimals, or as the doubles themselves. */
const STEPS = 255
const DOUBLES = 254
/** Prices and volumes of markets have at most so many. */
const MOST_DECIMALS = 8
const LARGEST = 2 ** 31 - 1

/** All supported machines are little-endian, and so is what is stored. */
const HEADER_BYTES = 4
const COLUMN_HEADER_BYTES = 4

export function emptyBarColumns(length: number): BarColumns {
  const column = (): Float64Array => new Float64Array(length)
  return {
    length,
    openedAtMs: column(),
    closedAtMs: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  }
}

/** Bars `from` up to but not including `to`, as views. */
export function sliceBarColumns(bars: BarColumns, from: number, to: number): BarColumns {
  const slice = (name: Column): Float64Array => bars[name].subarray(from, to)
  return {
    length: to - from,
    openedAtMs: slice('openedAtMs'),
    closedAtMs: slice('closedAtMs'),
    open: slice('open'),
    high: slice('high'),
    low: slice('low'),
    close: slice('close'),
    volume: slice('volume'),
  }
}

/** Bars as bytes: a third of the doubles' size where prices have a few decimals; every double comes back bit for bit. */
export function packBars(bars: BarColumns): Buffer {
  const count = Buffer.alloc(HEADER_BYTES)
  count.writeUInt32LE(bars.length)
  const opened = bars.openedAtMs
  const columns = BAR_COLUMNS.map((name) => {
    // Closes stand at the same distance from the opens, whatever lies between two bars.
    const values = name === 'closedAtMs' ? bars.closedAtMs.map((at, i) => at - opened[i]!) : bars[name]
    return packColumn(values)
  })
  return Buffer.concat([count, ...columns])
}

function packColumn(values: Float64Array): Buffer {
  const step = values.length > 1 ? values[1]! - values[0]! : 0
  if (values.length > 0 && values.every((value, i) => Object.is(value, values[0]! + i * step)))
    return withHeader(STEPS, Float64Array.of(values[0]!, step))
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const whole = toWhole(values, 10 ** decimals)
    if (whole !== null) return withHeader(decimals, whole)
  }
  return withHeader(DOUBLES, values)
}

/** The values times a power of ten as whole numbers, if dividing gives each value back exactly. */
function toWhole(values: Float64Array, scale: number): Int32Array | null {
  const whole = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const scaled = Math.round(values[i]! * scale)
    whole[i] = scaled
    if (Math.abs(scaled) > LARGEST || !Object.is(whole[i]! / scale, values[i])) return null
  }
  return whole
}

function withHeader(kind: number, body: Float64Array | Int32Array): Buffer {
  const header = Buffer.alloc(COLUMN_HEADER_BYTES)
  header.writeUInt32LE(kind)
  return Buffer.concat([header, Buffer.from(body.buffer, body.byteOffset, body.byteLength)])
}

/** How many bars there are in packed bytes. */
export function packedLength(bytes: Buffer): number {
  return bytes.readUInt32LE(0)
}

/** Unpacks into columns from index `at` on. The columns may be views of shared memory. */
export function unpackBars(bytes: Buffer, into: BarColumns, at: number): void {
  const count = packedLength(bytes)
  let from = HEADER_BYTES
  for (const name of BAR_COLUMNS) {
    const target = into[name].subarray(at, at + count)
    from = unpackColumn(bytes, from, target)
    if (name !== 'closedAtMs') continue
    const opened = into.openedAtMs
    for (let i = 0; i < count; i++) target[i] = target[i]! + opened[at + i]!
  }
}

/** @returns where the next column begins */
function unpackColumn(bytes: Buffer, from: number, target: Float64Array): number {
  const kind = bytes.readUInt32LE(from)
  const start = from + COLUMN_HEADER_BYTES
  if (kind === STEPS) {
    const [first, step] = [bytes.readDoubleLE(start), bytes.readDoubleLE(start + 8)]
    for (let i = 0; i < target.length; i++) target[i] = first + i * step
    return start + 16
  }
  const end = start + target.length * (kind === DOUBLES ? 8 : 4)
  // Copied: the driver's bytes may be unaligned.
  const body = new Uint8Array(bytes.subarray(start, end)).buffer
  if (kind === DOUBLES) target.set(new Float64Array(body))
  else divide(new Int32Array(body), 10 ** kind, target)
  return end
}

function divide(whole: Int32Array, scale: number, target: Float64Array): void {
  for (let i = 0; i < whole.length; i++) target[i] = whole[i]! / scale
}
