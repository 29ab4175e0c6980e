import type { DeckApproval, DeckApprovalApproveResponse } from '@quantdeck/contracts'
import { Decimal, formatFixed, formatInstant, formatPercent } from '@quantdeck/domain'
import { presentLimits } from '../limits/present-deck.ts'
import type { ApprovalEvidence } from './evidence.ts'
import type { NamedApproval } from './operations.ts'

/** The code of a transition; null of a release, which is done with its approval. */
export function presentApproved(
  { approvalId, expiresAt, status }: Pick<NamedApproval['approval'], 'approvalId' | 'expiresAt' | 'status'>,
  code: string | null,
): DeckApprovalApproveResponse {
  const expires_at = formatInstant(expiresAt)
  return { data: { approval_id: approvalId, approval_code: code, expires_at, status } }
}

export function presentApproval(named: NamedApproval): DeckApproval {
  const { approval, requestedBy, approvedBy, revokedBy } = named
  // The column is written by this feature alone, in this form.
  const evidence = approval.evidence as ApprovalEvidence | null
  return {
    approval_id: approval.approvalId,
    strategy_id: approval.strategyId,
    from_mode: approval.fromMode,
    to_mode: approval.toMode,
    reason: approval.reason,
    status: approval.status,
    requested_by: requestedBy,
    requested_at: formatInstant(approval.requestedAt),
    approved_by: approvedBy,
    approved_at: approval.approvedAt && formatInstant(approval.approvedAt),
    used_at: approval.usedAt && formatInstant(approval.usedAt),
    revoked_by: revokedBy,
    revoked_at: approval.revokedAt && formatInstant(approval.revokedAt),
    wrong_tries: approval.wrongTries,
    expires_at: formatInstant(approval.expiresAt),
    evidence: evidence && presentEvidence(evidence),
  }
}

function presentEvidence(evidence: ApprovalEvidence): NonNullable<DeckApproval['evidence']> {
  const { backtest, record, limits, model, alerts } = evidence
  return {
    at: evidence.at,
    backtest: backtest && {
      run_id: backtest.runId,
      start_date: backtest.startDate,
      end_date: backtest.endDate,
      completed_at: backtest.completedAt,
      ...figures(backtest),
      total_trades: backtest.totalTrades,
    },
    record: {
      from: record.from,
      to: record.to,
      ...figures(record),
      win_rate: fixed(record.winRate),
      total_trades: record.totalTrades,
    },
    limits: presentLimits(limits),
    model,
    alerts: {
      open_count: alerts.openCount,
      critical_count: alerts.criticalCount,
      latest: alerts.latest.map(({ alertId, createdAt, ...alert }) => ({
        alert_id: alertId,
        ...alert,
        created_at: createdAt,
      })),
    },
  }
}

function figures(of: { totalReturn: number | null; sharpeRatio: number | null; maxDrawdown: number | null }) {
  return {
    total_return: of.totalReturn === null ? null : formatPercent(of.totalReturn),
    sharpe_ratio: fixed(of.sharpeRatio),
    max_drawdown: of.maxDrawdown === null ? null : formatPercent(of.maxDrawdown),
  }
}

function fixed(value: number | null): string | null {
  return value === null ? null : formatFixed(new Decimal(value), 2)
}
