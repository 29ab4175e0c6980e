import { deck } from '@quantdeck/contracts'
import { formatInstant, parseDecimal } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { createStrategy } from './operations.ts'
import { listStrategyHistory, revertStrategy } from './operations-history.ts'
import { presentStrategyDetail } from './present-v1.ts'

const DEFAULT_MAX_POSITIONS = 10

export const strategiesDeck = {
  create: implement(deck.strategies.create, async ({ deps, actor, input, idempotencyId }) => {
    const detail = await createStrategy(
      deps,
      actor,
      {
        strategyId: input.strategy_id,
        name: input.name,
        description: input.description ?? '',
        universe: input.universe,
        allocatedCapital: parseDecimal(input.allocated_capital),
        maxPositions: input.max_positions ?? DEFAULT_MAX_POSITIONS,
        config: input.config ?? {},
      },
      idempotencyId !== null,
    )
    return { message: 'Strategy created', data: presentStrategyDetail(detail) }
  }),
  history: implement(deck.strategies.history, async ({ deps, actor, input }) => {
    const changes = await listStrategyHistory(deps, actor, input.strategy_id)
    return {
      data: changes.map(({ version, before, after, reason, changedBy, changedAt }) => ({
        version,
        before,
        after,
        reason,
        changed_by: changedBy,
        changed_at: formatInstant(changedAt),
      })),
      meta: { total_count: changes.length },
    }
  }),
  revert: implement(deck.strategies.revert, async ({ deps, actor, input }) => {
    const { strategy_id, version, reason, expected_version } = input
    const detail = await revertStrategy(deps, actor, strategy_id, {
      version,
      reason,
      ...(expected_version !== undefined && { expectedVersion: expected_version }),
    })
    return { message: `Version ${version} is back`, data: presentStrategyDetail(detail) }
  }),
} satisfies Implements<typeof deck.strategies>
