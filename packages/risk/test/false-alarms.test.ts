import { describe, expect, it } from 'vitest'
import { createRandom, MODEL_HEALTH_RULES, modelHealth } from '../src/index.ts'
import { hasSharedData, readSharedJson } from './shared-data.ts'

/** A few in the suite; `pnpm test:soak drift` takes 2,000 of each. */
// oxlint-disable-next-line eslint/no-restricted-properties -- the long form is chosen by the environment
const REPEATS = Number(process.env.DRIFT_REPEATS ?? 8)
const { window, minimumBaseline } = MODEL_HEALTH_RULES

type Draw = (random: () => number) => number

/** How models act: what they do now is drawn from what they did before, so every alarm is a false one. */
const SHAPES: Record<string, Draw> = {
  'takes every action alike': (random) => random() * 2 - 1,
  'stays around the middle': (random) => (random() + random() + random() - 1.5) * 0.6,
  'is long or short, seldom between': (random) => (random() < 0.5 ? -0.7 : 0.7) + (random() - 0.5) * 0.4,
  'mostly holds': (random) => (random() < 0.8 ? 0 : random() * 2 - 1),
  'knows five actions': (random) => Math.floor(random() * 5) / 2 - 1,
}

const evidenceOf = (baseline: readonly number[], actions: readonly number[]) => ({
  baseline,
  actions,
  tradeReturns: [],
  lastInferenceAt: 1,
  registeredAt: 0,
})

describe(`false alarms in ${REPEATS} windows of ${window} against a baseline of ${minimumBaseline}`, () => {
  it.each(Object.entries(SHAPES))(
    'of a model that %s are under 1 % warnings and 0.2 % criticals',
    (name, draw) => {
      const random = createRandom(20_260_107)
      const sample = (count: number) => Array.from({ length: count }, () => draw(random))
      const counts = { healthy: 0, warning: 0, critical: 0 }
      for (let n = 0; n < REPEATS; n += 1)
        counts[modelHealth(evidenceOf(sample(minimumBaseline), sample(window))).status] += 1
      // oxlint-disable-next-line no-console -- a measured figure
      if (REPEATS >= 1_000) console.log(`drift: a model that ${name}: ${JSON.stringify(counts)}`)
      expect(counts.warning + counts.critical).toBeLessThan(Math.max(1, REPEATS * 0.01))
      expect(counts.critical).toBeLessThan(Math.max(1, REPEATS * 0.002))
    },
    600_000,
  )
})

interface DriftCase {
  id: string
  metric: string
  input: { baselineActions: number[]; currentActions: number[] }
}

/** What really changed in the reference series, and what did not; a baseline there has a year of actions. */
const DRIFTS: Record<string, string> = {
  'action-kl-goog-2005-vs-2006': 'healthy',
  'action-kl-goog-2007-vs-2008': 'critical',
  'action-kl-msft-1999-vs-2004': 'critical',
  'action-kl-goog-2009-vs-long-only': 'critical',
  'action-kl-goog-2012-vs-2008': 'critical',
}

describe.skipIf(!hasSharedData)('the drift of real series', () => {
  const cases = hasSharedData
    ? readSharedJson<{ cases: DriftCase[] }>('reference/drift.json').cases.filter(
        ({ metric }) => metric === 'action_drift_kl',
      )
    : []

  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, { input }) => {
    const { status } = modelHealth(evidenceOf(input.baselineActions, input.currentActions), {
      ...MODEL_HEALTH_RULES,
      minimumBaseline: 250,
    })
    expect(status).toBe(DRIFTS[id])
  })
})
