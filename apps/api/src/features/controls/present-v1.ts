import type {
  DeckFlattenResponse,
  DeckRearmResponse,
  DeckReleaseRequest,
  DeckKillSwitchStatusResponse,
  DeckReleasePreviewResponse,
  V1KillSwitchResponse,
  V1ModeTransitionResponse,
} from '@quantdeck/contracts'
import { type Decimal, formatFixed, formatInstant, type Strategy, ZERO } from '@quantdeck/domain'
import { formatQuantity } from '../format.ts'
import type { InstrumentMap } from '../orders/operations.ts'
import { inWords } from './effective-state.ts'
import type { FlattenItem, FlattenProgress } from './flatten-progress.ts'
import type { KillSwitchOutcome } from './operations-kill-switch.ts'
import type { Rearmed } from './operations-rearm.ts'
import type { NamedRelease } from './operations-release-requests.ts'
import type { ReleasePreview } from './operations-release-preview.ts'
import type { KillSwitchStatus } from './operations-status.ts'

export function presentKillSwitch(
  outcome: KillSwitchOutcome,
  action: 'activate' | 'deactivate',
): V1KillSwitchResponse {
  const { approvalId } = outcome
  const waits = `The release ${inWords(outcome.scope)} needs the approval of another admin`
  return {
    message: approvalId === null ? `Kill switch ${action}d ${inWords(outcome.scope)}` : waits,
    ...(approvalId !== null && { status: 'approval_required', approval_id: approvalId }),
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

export function presentReleasePreview(preview: ReleasePreview): DeckReleasePreviewResponse {
  return {
    data: {
      scope: preview.scope,
      level: preview.level,
      strategies: preview.strategies.map((strategy) => ({
        strategy_id: strategy.strategyId,
        name: strategy.name,
        mode: strategy.mode,
        is_active: strategy.isActive,
        before: strategy.before,
        after: strategy.after,
        would_trade: strategy.wouldTrade,
        blocks: strategy.blocks.map(({ until, ...block }) => ({
          ...block,
          until: until && formatInstant(until),
        })),
      })),
      rebased_peaks: preview.rebasedPeaks.map(({ scope, peakEquity, equity, drawdown }) => ({
        scope,
        peak_equity: formatFixed(peakEquity, 2),
        equity: formatFixed(equity, 2),
        drawdown: formatFixed(drawdown.times(100), 2),
      })),
    },
    meta: { timestamp: formatInstant(preview.at) },
  }
}

export function presentReleaseRequest(named: NamedRelease): DeckReleaseRequest {
  const { request } = named
  return {
    ...{ approval_id: request.approvalId, scope: request.scope, reason: request.reason },
    ...{ status: request.status, live_strategies: request.liveStrategies },
    ...{ requested_by: named.requestedBy, requested_at: formatInstant(request.requestedAt) },
    ...{ approved_by: named.approvedBy, revoked_by: named.revokedBy },
    approved_at: request.approvedAt && formatInstant(request.approvedAt),
    revoked_at: request.revokedAt && formatInstant(request.revokedAt),
    expires_at: formatInstant(request.expiresAt),
  }
}

export function presentRearmed({ strategyId, executions, wasTripped, state }: Rearmed): DeckRearmResponse {
  return {
    message: `The execution throttle of ${strategyId} counts from 0 again`,
    data: { strategy_id: strategyId, executions, was_tripped: wasTripped, trading_state: state },
  }
}

/** Units of an unknown symbol are shown as they are stored. */
export function presentFlatten(flatten: FlattenProgress, instruments: InstrumentMap): DeckFlattenResponse {
  const { items } = flatten
  const count = (status: FlattenItem['status']) => items.filter((item) => item.status === status).length
  return {
    data: {
      flatten_id: flatten.flattenId,
      scope: flatten.scope,
      status: flatten.status,
      reason: flatten.reason,
      started_by: flatten.startedBy,
      started_at: formatInstant(flatten.startedAt),
      total: items.length,
      closed: count('CLOSED'),
      working: count('WORKING'),
      failed: count('FAILED'),
      positions: items.map((item) => presentFlattened(item, instruments)),
    },
  }
}

function presentFlattened(
  item: FlattenItem,
  instruments: InstrumentMap,
): DeckFlattenResponse['data']['positions'][number] {
  const { order } = item
  const units = (value: Decimal) =>
    formatQuantity(value, instruments.get(item.symbol) ?? { quantityDecimals: 2 })
  return {
    ...{ mode: item.mode, strategy_id: item.strategyId, symbol: item.symbol, status: item.status },
    ...{ quantity: units(item.quantity), remaining: units(item.remaining), reason: item.reason },
    order_id: order?.orderId ?? null,
    order_status: order?.status ?? null,
    filled_quantity: units(order?.filledQuantity ?? ZERO),
  }
}
