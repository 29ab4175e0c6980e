import { deck } from '@quantdeck/contracts'
import { parseDecimal } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { createStrategy } from './operations.ts'
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
} satisfies Implements<typeof deck.strategies>
