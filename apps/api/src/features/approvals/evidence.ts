import { findStrategy, listAlerts, listRuns } from '@quantdeck/db'
import { formatInstant, notFound, type AlertSeverity, type ModelHealthStatus } from '@quantdeck/domain'
import type { RiskLimits } from '@quantdeck/risk'

import type { Actor } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { getStrategyLimits } from '../limits/operations.ts'
import { strategyPerformance } from '../performance/operations.ts'

/** So many alerts are named one by one. */
const NAMED_ALERTS = 10

/**
 * What stood about a strategy when somebody asked to trade it: kept with the request as JSON, so that whoever approves,
 * and whoever asks years later, sees what was known then. Fractions as numbers, instants as text.
 */
export interface ApprovalEvidence {
  at: string
  /** The last one that completed; null: none did. */
  backtest: {
    runId: string
    startDate: string
    endDate: string | null
    completedAt: string | null
    totalReturn: number | null
    sharpeRatio: number | null
    maxDrawdown: number | null
    totalTrades: number | null
  } | null
  /** On the account of its mode, since its first fact. */
  record: {
    from: string
    to: string
    totalReturn: number | null
    sharpeRatio: number | null
    maxDrawdown: number
    winRate: number | null
    totalTrades: number
  }
  limits: RiskLimits
  /** Null: its signals are computed here, so there is no model to judge. */
  model: { status: ModelHealthStatus; details: string[] } | null
  /** Nobody has acknowledged them: the strategy's own and those of the house. */
  alerts: {
    openCount: number
    criticalCount: number
    latest: { alertId: string; severity: AlertSeverity; code: string; message: string; createdAt: string }[]
  }
}

/** @throws AppError NOT_FOUND */
export async function collectEvidence(
  deps: Deps,
  actor: Actor,
  strategyId: string,
): Promise<ApprovalEvidence> {
  const strategy = await findStrategy(deps.db.kysely, strategyId)
  if (strategy === null) throw notFound('Strategy')
  const { inForce: limits } = await getStrategyLimits(deps, actor, strategyId)
  const health = (await deps.desk.judgeModels([strategy])).get(strategyId)
  const { curve, metrics } = await strategyPerformance(deps, strategy)
  const { totalReturn, sharpeRatio, maxDrawdown, winRate, totalTrades } = metrics
  return {
    at: formatInstant(deps.clock.now()),
    backtest: await lastBacktest(deps, strategyId),
    record: {
      from: formatInstant(curve.from),
      to: formatInstant(curve.to),
      ...{ totalReturn, sharpeRatio, maxDrawdown, winRate, totalTrades },
    },
    limits,
    model: health === undefined ? null : { status: health.status, details: health.details },
    alerts: await openAlerts(deps, strategyId),
  }
}

async function lastBacktest({ db }: Deps, strategyId: string): Promise<ApprovalEvidence['backtest']> {
  const filter = { visible: [strategyId], strategyId, runType: 'BACKTEST', status: 'COMPLETED' } as const
  const [run] = (await listRuns(db.kysely, filter, { limit: 1, offset: 0 })).runs
  if (run === undefined) return null
  const { runId, startDate, endDate, completedAt, totalReturn, sharpeRatio, maxDrawdown, totalTrades } = run
  return {
    ...{ runId, startDate, endDate, totalReturn, sharpeRatio, maxDrawdown, totalTrades },
    completedAt: completedAt && formatInstant(completedAt),
  }
}

async function openAlerts({ db }: Deps, strategyId: string): Promise<ApprovalEvidence['alerts']> {
  const open = { visible: [strategyId], acknowledged: false }
  const { alerts, totalCount } = await listAlerts(db.kysely, open, { limit: NAMED_ALERTS, offset: 0 })
  const critical = { ...open, severity: 'CRITICAL' as const }
  return {
    openCount: totalCount,
    criticalCount: (await listAlerts(db.kysely, critical, { limit: 1, offset: 0 })).totalCount,
    latest: alerts.map(({ alertId, severity, code, message, createdAt }) => ({
      ...{ alertId, severity, code, message },
      createdAt: formatInstant(createdAt),
    })),
  }
}
