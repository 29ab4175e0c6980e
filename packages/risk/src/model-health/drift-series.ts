import { klDivergence, smooth } from './divergence.ts'
import { histogram, normalize } from './histogram.ts'
import { MODEL_HEALTH_RULES, type ModelHealthRules } from './model-health.ts'

/** The drift of the window that ended with an action. */
export interface DriftPoint {
  /** Index of that action. */
  index: number
  /** KL(window || baseline) in nats, as the verdict measures it. */
  kl: number
}

/**
 * The drift as it was at some of the actions, evenly spread, the last one among them: each point is what the verdict would
 * have measured then. Empty with fewer actions or a smaller baseline than a verdict needs.
 */
export function driftSeries(
  { baseline, actions }: { baseline: readonly number[]; actions: readonly number[] },
  most: number,
  rules: ModelHealthRules = MODEL_HEALTH_RULES,
): DriftPoint[] {
  const { window, bins, smoothing } = rules
  if (baseline.length < rules.minimumBaseline) return []
  const reference = smooth(histogram(baseline, bins), smoothing)
  const step = Math.max(1, Math.ceil((actions.length - window + 1) / most))
  const points: DriftPoint[] = []
  for (let end = actions.length; end >= window; end -= step) {
    const judged = smooth(histogram(actions.slice(end - window, end), bins), smoothing)
    const kl = klDivergence(judged, reference)
    if (kl !== null) points.push({ index: end - 1, kl })
  }
  return points.reverse()
}

/** Shares of a bin among the actions that are judged and among those of the baseline; 0 where a side has none. */
export interface ActionBin {
  from: number
  to: number
  current: number
  baseline: number
}

/** The latest actions against the baseline, bin by bin, unsmoothed. */
export function actionBins(
  { baseline, actions }: { baseline: readonly number[]; actions: readonly number[] },
  rules: ModelHealthRules = MODEL_HEALTH_RULES,
): ActionBin[] {
  const { bins, window } = rules
  const shares = (values: readonly number[]) =>
    values.length === 0 ? histogram([], bins) : normalize(histogram(values, bins))
  const [current, reference] = [shares(actions.slice(-window)), shares(baseline)]
  const width = (bins.high - bins.low) / bins.count
  return current.map((share, index) => ({
    from: bins.low + index * width,
    to: bins.low + (index + 1) * width,
    current: share,
    baseline: reference[index] as number,
  }))
}
