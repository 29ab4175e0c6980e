import type { DeckModelResponse } from '@quantdeck/contracts'
import { formatInstant, roundNumber } from '@quantdeck/domain'
import { MODEL_HEALTH_RULES } from '@quantdeck/risk'
import type { ModelDetail } from './operations.ts'

const PLACES = 4

export function presentModelDetail(model: ModelDetail): DeckModelResponse['data'] {
  const { strategy, health, baseline } = model
  const { warning, critical } = MODEL_HEALTH_RULES
  return {
    model_id: strategy.strategyId,
    name: strategy.name,
    status: health.status,
    p_value: health.pValue,
    thresholds: {
      warning_kl: warning.klAbove,
      critical_kl: critical.klAbove,
      warning_p_value: warning.pValueBelow,
      critical_p_value: critical.pValueBelow,
    },
    baseline: baseline && {
      action_count: baseline.actions.length,
      set_at: formatInstant(baseline.setAt),
      set_by: baseline.setBy,
      note: baseline.note,
    },
    judged_actions: model.judgedActions,
    bins: model.bins.map((bin) => ({
      from: roundNumber(bin.from, PLACES),
      to: roundNumber(bin.to, PLACES),
      current: roundNumber(bin.current, PLACES),
      baseline: roundNumber(bin.baseline, PLACES),
    })),
    drift: model.drift.map(({ at, kl }) => ({ at: formatInstant(at), kl: roundNumber(kl, PLACES) })),
  }
}
