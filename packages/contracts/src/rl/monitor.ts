import * as z from 'zod'
import { instant, modelHealthStatus, undefinedMetrics } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { rlReadAccess } from './access.ts'

/** Health of one model. */
export const rlModelHealth = z
  .object({
    model_id: z.string(),
    action_drift_kl: z.number().describe('KL divergence against the baseline, 0 = no drift'),
    stuck_behavior: z.boolean(),
    rolling_sharpe: z.number().describe('Last 50 closed trades, per trade, not annualised'),
    status: modelHealthStatus,
    last_inference: instant.describe('Before the first one: when the model was registered'),
    details: z.string().optional().describe('Why the status is what it is, e.g. insufficient data'),
    psi: z.number().optional().describe('Population stability index; reported, never decides'),
    stale: z.boolean().describe('No inference for three of its declared intervals, in session time'),
    undefined_metrics: undefinedMetrics,
  })
  .meta({ id: 'RlModelHealth', 'x-added-fields': ['details', 'psi', 'stale', 'undefined_metrics'] })

/** Health of all models. */
export const rlModelHealthResponse = z
  .object({
    models: z.array(rlModelHealth),
    overall_status: modelHealthStatus,
    timestamp: instant,
    total_models: z.int().min(0),
    healthy_count: z.int().min(0),
    warning_count: z.int().min(0),
    critical_count: z.int().min(0),
  })
  .meta({
    id: 'RlModelHealthResponse',
    'x-added-fields': ['timestamp', 'total_models', 'healthy_count', 'warning_count', 'critical_count'],
  })

const health = endpoint(
  {
    method: 'GET',
    path: '/api/monitor/health',
    summary: 'Health of the models: drift, stuck behaviour, rolling Sharpe',
    tags: ['Models'],
    access: rlReadAccess,
    rateLimit: 'document-read',
    operationId: 'get_model_health',
  },
  z.object({}),
  rlModelHealthResponse,
)

/** Operations under /api/monitor. */
export const rlMonitor = { health }
