import type { Bar, Decimal } from '@quantdeck/domain'
import { type BarLevel, type BarValues, type BarVerdict, judgeBar } from '@quantdeck/risk'
import { WireBar } from './wire-bar.ts'

/** A bar as it came in: a place in the request, and the line of a file when it has one. */
export interface IncomingBar extends BarValues {
  index: number
  line: number | null
  openedAt: Date
}

/** A bar of an earlier request that waits in quarantine for its price level to be confirmed. */
export interface WaitingBar extends BarValues {
  quarantineId: string
  importId: string | null
  line: number | null
  openedAt: Date
}

export interface RefusedBar {
  bar: IncomingBar
  reason: string
  detail: string
}

export interface JudgedBars {
  /** Oldest first. */
  accepted: IncomingBar[]
  refused: RefusedBar[]
  /** Known already, with the same values. */
  duplicateCount: number
  /** Bars of earlier requests that are accepted now. */
  released: WaitingBar[]
  /** True if three bars in a row confirmed a new price level. */
  hasNewLevel: boolean
}

export interface JudgeContext {
  /** Bars of the series in the time that the request covers, oldest first. */
  known: readonly Bar[]
  /** Close of the last bar before them; null if there is none. */
  lastClose: Decimal | null
  /** Waiting bars after that one, oldest first. */
  waiting: readonly WaitingBar[]
  /** A bar that opens later is a mistake. */
  latestMs: number
}

type Candidate = IncomingBar | WaitingBar

/** The level that the next bar is measured against; after a plainly good bar it is read from that one when it is needed. */
class Level {
  #level: BarLevel<Candidate>
  #last: WireBar | null = null
  /** Of the last accepted bar, while none waits for a new level to be confirmed; undefined where one does. */
  #close: number | null | undefined

  constructor(level: BarLevel<Candidate>) {
    this.#level = level
    this.#close = Level.#closeOf(level)
  }

  static #closeOf({ close, pending }: BarLevel<Candidate>): number | null | undefined {
    return pending.length > 0 ? undefined : (close?.toNumber() ?? null)
  }

  set(level: BarLevel<Candidate>): void {
    this.#level = level
    this.#last = null
    this.#close = Level.#closeOf(level)
  }

  judge(bar: Candidate): BarVerdict<Candidate> {
    if (bar instanceof WireBar && this.#close !== undefined && bar.isPlainlyGood(this.#close)) {
      this.#last = bar
      this.#close = bar.closeNumber
      return ACCEPTED
    }
    const before = this.#last === null ? this.#level : { close: this.#last.close, pending: [] }
    const { verdict, level } = judgeBar<Candidate>(before, bar)
    this.set(level)
    return verdict
  }
}

const ACCEPTED = { accepted: true, released: [] } as const

/**
 * Sorts the bars of one request into accepted, known and refused. They are judged in time order together with the
 * bars that are known, so that it does not matter whether a series arrives at once, bar by bar, or filled in later.
 */
export function judgeBars(incoming: readonly IncomingBar[], context: JudgeContext): JudgedBars {
  const judged: JudgedBars = {
    accepted: [],
    refused: [],
    duplicateCount: 0,
    released: [],
    hasNewLevel: false,
  }
  const { known } = context
  const seen = new Map<number, BarValues>(known.map((bar) => [bar.openedAt.getTime(), bar]))
  let next = 0
  const level = new Level({ close: context.lastClose, pending: context.waiting })
  for (const bar of inOrder(incoming)) {
    const at = bar.openedAt.getTime()
    for (
      let before = known[next];
      before !== undefined && before.openedAt.getTime() < at;
      before = known[next]
    ) {
      level.set({ close: before.close, pending: [] })
      next += 1
    }
    if (at > context.latestMs) {
      const detail = `${bar.openedAt.toISOString()} is to come`
      judged.refused.push({ bar, reason: 'DATE_OUT_OF_RANGE', detail })
      continue
    }
    const earlier = seen.get(at)
    if (earlier !== undefined) {
      addRepeated(judged, bar, earlier)
      continue
    }
    seen.set(at, bar)
    const verdict = level.judge(bar)
    if (!verdict.accepted) {
      judged.refused.push({ bar, reason: verdict.defect, detail: verdict.detail })
      continue
    }
    if (verdict.released.length > 0) release(judged, verdict.released)
    judged.accepted.push(bar)
  }
  return judged
}

/** Most files are in order already. */
function inOrder(bars: readonly IncomingBar[]): readonly IncomingBar[] {
  const isSorted = bars.every((bar, i) => i === 0 || bars[i - 1]!.openedAt <= bar.openedAt)
  return isSorted ? bars : [...bars].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime())
}

function addRepeated(judged: JudgedBars, bar: IncomingBar, earlier: BarValues): void {
  const isSame = (['open', 'high', 'low', 'close', 'volume'] as const).every((name) =>
    bar[name].eq(earlier[name]),
  )
  if (isSame) {
    judged.duplicateCount += 1
    return
  }
  const detail = `${bar.openedAt.toISOString()} is known with close ${earlier.close.toFixed()}, not ${bar.close.toFixed()}`
  judged.refused.push({ bar, reason: 'DUPLICATE_TIMESTAMP', detail })
}

/** Bars of this request were refused a moment ago and are taken back; those of earlier ones leave the quarantine. */
function release(judged: JudgedBars, bars: readonly Candidate[]): void {
  judged.hasNewLevel = true
  for (const bar of bars) {
    if ('quarantineId' in bar) {
      judged.released.push(bar)
      continue
    }
    judged.refused = judged.refused.filter((refused) => refused.bar !== bar)
    judged.accepted.push(bar)
  }
}
