import { createHash } from 'node:crypto'

/** Whole numbers from 0 to below n, the same for the same seed. */
export type Pick = (n: number) => number

/** mulberry32 */
export function picker(seed: number): Pick {
  let state = seed >>> 0
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

export interface Tampering {
  kind: string
  file: Buffer
}

type Way = (lines: readonly string[], pick: Pick) => Buffer

const join = (lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''))

/** Another bit in one byte, anywhere in the file. */
const flip: Way = (lines, pick) => {
  const file = join(lines)
  const at = pick(file.length)
  file[at] = (file[at] ?? 0) ^ (1 << pick(8))
  return file
}

const remove: Way = (lines, pick) => {
  const at = pick(lines.length)
  return join(lines.filter((_, index) => index !== at))
}

const swap: Way = (lines, pick) => {
  const a = pick(lines.length)
  const b = (a + 1 + pick(lines.length - 1)) % lines.length
  const swapped = [...lines]
  ;[swapped[a], swapped[b]] = [swapped[b] ?? '', swapped[a] ?? '']
  return join(swapped)
}

const double: Way = (lines, pick) => {
  const at = pick(lines.length)
  return join([...lines.slice(0, at), lines[at] ?? '', ...lines.slice(at)])
}

/** A new entry with a right hash of its own between two others. */
const insert: Way = (lines, pick) => {
  const at = pick(lines.length)
  const before = at === 0 ? '0'.repeat(64) : hashOf(lines[at - 1] ?? '')
  return join([...lines.slice(0, at), relink(changedEntry(lines[at] ?? ''), before), ...lines.slice(at)])
}

const cutOff: Way = (lines, pick) => {
  const file = join(lines)
  return file.subarray(0, 1 + pick(file.length - 1))
}

/** One fact and its own hash, as somebody does who knows how a line is made, but not that a chain follows. */
const changeOne: Way = (lines, pick) => {
  const at = pick(lines.length)
  return join(
    lines.map((line, index) => (index === at ? relink(changedEntry(line), prevHashOf(line)) : line)),
  )
}

/** One fact, and every hash from there to the end: only a head that was kept elsewhere finds this. */
const rewrite: Way = (lines, pick) => {
  const at = pick(lines.length)
  let previous = at === 0 ? '0'.repeat(64) : hashOf(lines[at - 1] ?? '')
  return join(
    lines.map((line, index) => {
      if (index < at) return line
      const made = relink(index === at ? changedEntry(line) : entryOf(line), previous)
      previous = hashOf(made)
      return made
    }),
  )
}

/** The seal taken off from some entry on, as if those had just been written. */
const unseal: Way = (lines, pick) => {
  const at = pick(lines.length)
  return join(
    lines.map((line, index) => {
      if (index < at) return line
      const entry = entryOf(line).replace(/"sequence":\d+/, '"sequence":null')
      return `{"entry":${entry},"hash":null,"prev_hash":null}`
    }),
  )
}

export const WAYS: Readonly<Record<string, Way>> = {
  flip,
  remove,
  swap,
  double,
  insert,
  cutOff,
  changeOne,
  rewrite,
  unseal,
}

/** The same text in another form of JSON is another file. */
export function tamper(lines: readonly string[], pick: Pick): Tampering {
  const kinds = Object.keys(WAYS)
  // Half of them flip bits, the rest is shared by the others.
  const kind = pick(2) === 0 ? 'flip' : (kinds[pick(kinds.length)] ?? 'flip')
  return { kind, file: (WAYS[kind] ?? flip)(lines, pick) }
}

const TAIL = ',"hash":"'
const tailAt = (line: string) => line.lastIndexOf(TAIL)
const entryOf = (line: string) => line.slice('{"entry":'.length, tailAt(line))
const hashOf = (line: string) => line.slice(tailAt(line) + TAIL.length, tailAt(line) + TAIL.length + 64)
const prevHashOf = (line: string) => line.slice(-66, -2)

function changedEntry(line: string): string {
  return entryOf(line).replace(/"actor":"/, '"actor":"not ')
}

function relink(entry: string, previous: string): string {
  const hash = createHash('sha256').update(previous).update(entry).digest('hex')
  return `{"entry":${entry},"hash":"${hash}","prev_hash":"${previous}"}`
}
