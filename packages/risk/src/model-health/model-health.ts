import type { ModelHealthStatus } from '@quantdeck/domain'
import { klDivergence, populationStabilityIndex, smooth } from './divergence.ts'
import { ACTION_BINS, type Bins, histogram } from './histogram.ts'
import { klPValue } from './permutation.ts'
import { TRADE_SHARPE, type TradeSharpeConvention, tradeSharpe } from './trade-sharpe.ts'
import { STUCK_RULE, type StuckRule, isStuck } from './stuck.ts'

/** A drift needs both: unlikely by chance and large. Strict: exactly at a threshold is the better status. */
export interface DriftThreshold {
  pValueBelow: number
  klAbove: number
}

/** Every convention of the verdict; the defaults are those of the risk specification. */
export interface ModelHealthRules {
  bins: Bins
  smoothing: number
  permutations: number
  seed: number
  /** Last actions that are judged, and the fewest that are enough; likewise of the baseline. */
  window: number
  minimumBaseline: number
  warning: DriftThreshold
  critical: DriftThreshold
  stuck: StuckRule
  sharpe: TradeSharpeConvention
  /** Warning below this with at least so many trades. */
  sharpeWarningBelow: number
  sharpeWarningTrades: number
  /** A model that is silent for more of its declared intervals (session time) is pointed out; its status stays. */
  silentIntervals: number
}

export const MODEL_HEALTH_RULES: ModelHealthRules = Object.freeze<ModelHealthRules>({
  bins: ACTION_BINS,
  smoothing: 0.5,
  permutations: 1_999,
  seed: 20_260_107,
  window: 100,
  minimumBaseline: 500,
  warning: { pValueBelow: 0.01, klAbove: 0.3 },
  critical: { pValueBelow: 0.001, klAbove: 0.5 },
  stuck: STUCK_RULE,
  sharpe: TRADE_SHARPE,
  sharpeWarningBelow: -1,
  sharpeWarningTrades: 20,
  silentIntervals: 3,
})

/** What is known of one model. */
export interface ModelEvidence {
  /** Declared actions in [-1, 1]; empty: none declared. */
  baseline: readonly number[]
  /** Actions so far, oldest first; the last `window` are judged. */
  actions: readonly number[]
  /** Results of closed trades in one unit, oldest first. */
  tradeReturns: readonly number[]
  /** Epoch ms; null: no inference yet. */
  lastInferenceAt: number | null
  /** Shown as the last inference before the first one. */
  registeredAt: number
  /** Session time since the last inference and the declared interval, seconds; null: no interval declared. */
  silence?: ModelSilence | null
}

/** Session time since the last inference and the declared interval, seconds. */
export interface ModelSilence {
  ageSeconds: number
  intervalSeconds: number
}

export interface ModelHealth {
  status: ModelHealthStatus
  /** KL(current || baseline) in nats; null with insufficient data. */
  kl: number | null
  pValue: number | null
  /** Reported, never decides. */
  psi: number | null
  stuck: boolean
  /** Per trade, not annualised; null below 5 trades or without deviation. */
  rollingSharpe: number | null
  /** Epoch ms of the last inference, or of the registration before the first. */
  lastInferenceAt: number
  /** A07: no inference for more than three of its declared intervals. The status stays as it is. */
  silent: boolean
  /** Plain words: "insufficient data", "no inference yet", ... Empty when healthy. */
  details: string[]
  /** True if the status says something about the model: only then may it affect orders (R25). */
  conclusive: boolean
}

/**
 * The health of a model against its declared baseline (spec: risk, "Model health"). Pure and deterministic: the
 * permutation test has a fixed seed. About 10 ms with the default permutations: call it on new inferences, not
 * on every request.
 */
export function modelHealth(
  evidence: ModelEvidence,
  rules: ModelHealthRules = MODEL_HEALTH_RULES,
): ModelHealth {
  const drift = driftOf(evidence, rules)
  const stuck = isStuck(evidence.actions, evidence.baseline, rules.stuck)
  const sharpe = tradeSharpe(evidence.tradeReturns, rules.sharpe)
  const poorSharpe =
    sharpe !== null &&
    evidence.tradeReturns.length >= rules.sharpeWarningTrades &&
    sharpe < rules.sharpeWarningBelow
  const silent = !!evidence.silence && isLongSilence(evidence.silence, rules)
  return {
    status: statusOf(drift, stuck, poorSharpe, rules),
    kl: drift?.kl ?? null,
    pValue: drift?.pValue ?? null,
    psi: drift?.psi ?? null,
    stuck,
    rollingSharpe: sharpe,
    lastInferenceAt: evidence.lastInferenceAt ?? evidence.registeredAt,
    silent,
    details: detailsOf(evidence, rules, { drift, stuck, poorSharpe, silent }),
    conclusive: drift !== null,
  }
}

/** A07: more than three of its declared intervals (spec: risk, "At-trade and portfolio controls"). */
export function isLongSilence(
  { ageSeconds, intervalSeconds }: ModelSilence,
  { silentIntervals }: Pick<ModelHealthRules, 'silentIntervals'> = MODEL_HEALTH_RULES,
): boolean {
  return ageSeconds > silentIntervals * intervalSeconds
}

interface Drift {
  kl: number
  pValue: number
  psi: number | null
}

function driftOf({ baseline, actions }: ModelEvidence, rules: ModelHealthRules): Drift | null {
  if (actions.length < rules.window || baseline.length < rules.minimumBaseline) return null
  const current = actions.slice(-rules.window)
  const now = smooth(histogram(current, rules.bins), rules.smoothing)
  const then = smooth(histogram(baseline, rules.bins), rules.smoothing)
  const kl = klDivergence(now, then)
  if (kl === null) return null
  return { kl, pValue: klPValue(current, baseline, kl, rules), psi: populationStabilityIndex(now, then) }
}

const exceeds = ({ kl, pValue }: Drift, threshold: DriftThreshold): boolean =>
  pValue < threshold.pValueBelow && kl > threshold.klAbove

function statusOf(
  drift: Drift | null,
  stuck: boolean,
  poorSharpe: boolean,
  rules: ModelHealthRules,
): ModelHealthStatus {
  if (drift === null) return 'warning'
  if (stuck || exceeds(drift, rules.critical)) return 'critical'
  return exceeds(drift, rules.warning) || poorSharpe ? 'warning' : 'healthy'
}

function detailsOf(
  evidence: ModelEvidence,
  rules: ModelHealthRules,
  found: { drift: Drift | null; stuck: boolean; poorSharpe: boolean; silent: boolean },
): string[] {
  const lines: [boolean, string][] = [
    [evidence.lastInferenceAt === null, 'no inference yet'],
    [found.drift === null, 'insufficient data'],
    [found.drift !== null && exceeds(found.drift, rules.warning), 'actions drifted from the baseline'],
    [found.stuck, 'stuck: the model repeats one action'],
    [found.poorSharpe, `rolling Sharpe below ${rules.sharpeWarningBelow}`],
    [found.silent, 'no recent inference'],
  ]
  return lines.filter(([applies]) => applies).map(([, text]) => text)
}
