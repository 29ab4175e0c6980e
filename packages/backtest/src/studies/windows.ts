/** Where parameters are chosen and where they are then tried. Instants in ms, [from, to). */
export interface WalkForwardWindow {
  inSample: { from: number; to: number }
  outOfSample: { from: number; to: number }
}

export interface WalkForwardPlan {
  /** [from, to) of the whole study, ms. */
  from: number
  to: number
  /** Calendar days. */
  inSampleDays: number
  outOfSampleDays: number
  /**
   * Days between the two that belong to neither: a trade that was opened in sample is over (purge), and what its prices
   * still tell about the days after it has faded (embargo). Source: M. Lopez de Prado, Advances in Financial Machine
   * Learning (2018), chapter 7.
   */
  purgeDays: number
  embargoDays: number
  /** True: every in-sample window begins at `from` and grows; false: it keeps its length and moves along. */
  isAnchored: boolean
}

const DAY_MS = 86_400_000

/**
 * The windows of a walk-forward study, in order: the out-of-sample parts follow each other without a gap and end with
 * `to`; the last may be shorter than the others, but not shorter than a day. Empty if not even one window fits.
 */
export function walkForwardWindows(plan: WalkForwardPlan): WalkForwardWindow[] {
  const gap = (plan.purgeDays + plan.embargoDays) * DAY_MS
  const length = plan.inSampleDays * DAY_MS
  const windows: WalkForwardWindow[] = []
  for (let i = 0; ; i++) {
    const from = plan.from + length + gap + i * plan.outOfSampleDays * DAY_MS
    const to = Math.min(from + plan.outOfSampleDays * DAY_MS, plan.to)
    if (to - from < DAY_MS) return windows
    const end = from - gap
    windows.push({
      inSample: { from: plan.isAnchored ? plan.from : end - length, to: end },
      outOfSample: { from, to },
    })
  }
}
