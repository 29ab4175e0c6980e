import type {
  DeckApproval,
  DeckKillSwitchStatusResponse,
  V1KillSwitchResponse,
  V1ModeTransitionResponse,
} from '@quantdeck/contracts'
import { formatInstant, type Strategy } from '@quantdeck/domain'
import type { NamedApproval } from './operations-approvals.ts'
import type { KillSwitchOutcome, KillSwitchStatus } from './operations-kill-switch.ts'

export function presentKillSwitch(
  outcome: KillSwitchOutcome,
  action: 'activate' | 'deactivate',
): V1KillSwitchResponse {
  const subject = outcome.scope === 'global' ? 'globally' : `for ${outcome.scope.slice('strategy:'.length)}`
  return {
    message: `Kill switch ${action}d ${subject}`,
    data: {
      kill_switch_active: outcome.state !== 'ACTIVE',
      affected_strategies: outcome.affectedStrategies,
      activated_at: outcome.activatedAt && formatInstant(outcome.activatedAt),
      deactivated_at: outcome.deactivatedAt && formatInstant(outcome.deactivatedAt),
    },
  }
}

export function presentTransition(strategy: Strategy): V1ModeTransitionResponse {
  return {
    message: `Strategy transitioned to ${strategy.mode} mode`,
    data: {
      strategy_id: strategy.strategyId,
      mode: strategy.mode,
      transitioned_at: formatInstant(strategy.updatedAt),
    },
  }
}

export function presentKillSwitchStatus(status: KillSwitchStatus): DeckKillSwitchStatusResponse {
  return {
    data: {
      kill_switch_active: status.isActive,
      level: status.level,
      scopes: status.stopped.map((one) => ({
        scope: one.scope,
        level: one.level,
        cause: one.cause,
        reason: one.reason,
        activated_at: one.activatedAt && formatInstant(one.activatedAt),
        activated_by: one.activatedBy,
        deactivated_at: one.deactivatedAt && formatInstant(one.deactivatedAt),
        deactivated_by: one.deactivatedBy,
      })),
    },
    meta: { timestamp: formatInstant(status.at) },
  }
}

export function presentApproval({ approval, requestedBy, approvedBy }: NamedApproval): DeckApproval {
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
    expires_at: formatInstant(approval.expiresAt),
  }
}
