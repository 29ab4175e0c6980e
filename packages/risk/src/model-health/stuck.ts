/** When a model repeats itself. */
export interface StuckRule {
  /** Only the last so many actions are looked at. */
  window: number
  /** Fewer say nothing. */
  minimum: number
  /** Actions are compared rounded to so many decimals. */
  decimals: number
  /** At least this share of the window is one value. */
  share: number
}

export const STUCK_RULE: StuckRule = Object.freeze({ window: 100, minimum: 10, decimals: 2, share: 0.9 })

/** The most common rounded action of a sample and its share. */
export interface CommonestAction {
  action: number
  share: number
}

/** @returns null for an empty sample */
export function commonestAction(actions: readonly number[], decimals: number): CommonestAction | null {
  const counts = new Map<number, number>()
  for (const action of actions) {
    const rounded = roundTo(action, decimals)
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1)
  }
  let best: CommonestAction | null = null
  for (const [action, count] of counts) {
    const share = count / actions.length
    if (best === null || share > best.share) best = { action, share }
  }
  return best
}

/** Rounds and makes -0 a 0, so that both are one action. */
function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals
  return Math.round(value * factor) / factor + 0
}

/** True if one value makes up at least the rule's share of the window. */
export function isRepeating(actions: readonly number[], rule: StuckRule = STUCK_RULE): boolean {
  const window = actions.slice(-rule.window)
  if (window.length < rule.minimum) return false
  const commonest = commonestAction(window, rule.decimals)
  return commonest !== null && commonest.share >= rule.share
}

/**
 * True if the model repeats itself and its baseline did not: a model that mostly says HOLD (0) by nature is not stuck
 * while it repeats 0. With a baseline whose own share of HOLD is at least the rule's, only other values count.
 */
export function isStuck(
  actions: readonly number[],
  baseline: readonly number[],
  rule: StuckRule = STUCK_RULE,
): boolean {
  if (!isRepeating(actions, rule)) return false
  const commonest = commonestAction(actions.slice(-rule.window), rule.decimals)
  if (commonest === null || commonest.action !== 0) return true
  const holds = baseline.filter((action) => roundTo(action, rule.decimals) === 0).length
  return baseline.length === 0 || holds / baseline.length < rule.share
}
