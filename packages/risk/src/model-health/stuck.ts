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
  /** And of HOLDs so many are less likely than this, by the baseline's own share of HOLD. */
  pValueBelow: number
}

export const STUCK_RULE: StuckRule = Object.freeze({
  window: 100,
  minimum: 10,
  decimals: 2,
  share: 0.9,
  pValueBelow: 0.001,
})

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

function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals
  return Math.round(value * factor) / factor
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
 * while it repeats 0. With a baseline whose own share of HOLD is at least the rule's, only other values count; below it,
 * so many HOLDs have to be unlikely for such a model, or one that holds four times in five would be called stuck in one
 * window of a hundred.
 */
export function isStuck(
  actions: readonly number[],
  baseline: readonly number[],
  rule: StuckRule = STUCK_RULE,
): boolean {
  if (!isRepeating(actions, rule)) return false
  const window = actions.slice(-rule.window)
  const holdsIn = (sample: readonly number[]) =>
    sample.filter((action) => roundTo(action, rule.decimals) === 0).length
  if (commonestAction(window, rule.decimals)?.action !== 0) return true
  if (baseline.length === 0) return true
  const before = { successes: holdsIn(baseline), failures: baseline.length - holdsIn(baseline) }
  if (before.successes / baseline.length >= rule.share) return false
  return atLeastPredicted(holdsIn(window), window.length, before) < rule.pValueBelow
}

/**
 * How likely at least `count` successes in `trials` are after what was seen before: the upper tail of the beta-binomial
 * distribution with Jeffreys' prior, so that a small baseline proves less than a large one (Gelman et al., Bayesian
 * Data Analysis, 2.4).
 */
function atLeastPredicted(
  count: number,
  trials: number,
  before: { successes: number; failures: number },
): number {
  const [a, b] = [before.successes + 0.5, before.failures + 0.5]
  let probability = 1
  for (let index = 0; index < trials; index += 1) probability *= (a + index) / (a + b + index)
  let tail = 0
  for (let successes = trials; successes >= count; successes -= 1) {
    tail += probability
    probability *= (successes * (trials - successes + b)) / ((trials - successes + 1) * (successes - 1 + a))
  }
  return tail
}
