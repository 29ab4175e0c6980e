import type { RlModelHealth, RlModelHealthResponse } from '@quantdeck/contracts'
import { formatInstant, type ModelHealthStatus, roundNumber } from '@quantdeck/domain'
import { MetricFields } from '../format.ts'
import type { ModelReport } from './operations.ts'

const ORDER: readonly ModelHealthStatus[] = ['healthy', 'warning', 'critical']

export function presentModelHealth(reports: readonly ModelReport[], now: Date): RlModelHealthResponse {
  const models = reports.map(presentModel)
  const count = (status: ModelHealthStatus) => models.filter((model) => model.status === status).length
  const worst = models.reduce((at, model) => Math.max(at, ORDER.indexOf(model.status)), 0)
  return {
    models,
    overall_status: ORDER[worst] ?? 'healthy',
    timestamp: formatInstant(now),
    total_models: models.length,
    healthy_count: count('healthy'),
    warning_count: count('warning'),
    critical_count: count('critical'),
  }
}

function presentModel({ strategy, health }: ModelReport): RlModelHealth {
  const fields = new MetricFields()
  return {
    model_id: strategy.strategyId,
    action_drift_kl: roundNumber(fields.number('action_drift_kl', health.kl), 4),
    stuck_behavior: health.stuck,
    rolling_sharpe: roundNumber(fields.number('rolling_sharpe', health.rollingSharpe), 4),
    status: health.status,
    last_inference: formatInstant(new Date(health.lastInferenceAt)),
    ...(health.details.length > 0 ? { details: health.details.join('; ') } : {}),
    ...(health.psi === null ? {} : { psi: roundNumber(health.psi, 4) }),
    stale: health.silent,
    undefined_metrics: fields.undefinedMetrics,
  }
}
