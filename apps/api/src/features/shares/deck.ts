import { deck, type DeckShare } from '@quantdeck/contracts'

import { implement, type Implements } from '../../trpc/implement.ts'
import { getShare, listShares, shareStrategy, unshareStrategy, type Share } from './operations.ts'

function presentShare({ strategyId, userId, email, name }: Share): DeckShare {
  return { strategy_id: strategyId, user_id: userId, email, name }
}

const keyOf = (input: { strategy_id: string; user_id: string }) => ({
  strategyId: input.strategy_id,
  userId: input.user_id,
})

export const sharesDeck = {
  list: implement(deck.shares.list, async ({ deps, actor, input }) => {
    const shares = await listShares(deps, actor, input.strategy_id)
    return { data: shares.map(presentShare), meta: { total_count: shares.length } }
  }),
  get: implement(deck.shares.get, async ({ deps, actor, input }) => ({
    data: presentShare(await getShare(deps, actor, keyOf(input))),
  })),
  put: implement(deck.shares.put, async ({ deps, actor, input }) => ({
    data: presentShare(await shareStrategy(deps, actor, keyOf(input))),
  })),
  remove: implement(deck.shares.remove, async ({ deps, actor, input }) => {
    await unshareStrategy(deps, actor, keyOf(input))
    return { message: 'No longer shared' }
  }),
} satisfies Implements<typeof deck.shares>
