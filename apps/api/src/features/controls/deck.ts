import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { instrumentMap } from '../orders/operations.ts'
import { getFlatten, startFlatten } from './operations-flatten.ts'
import { previewRelease } from './operations-release-preview.ts'
import { killSwitchStatus } from './operations-status.ts'
import { presentFlatten, presentKillSwitchStatus, presentReleasePreview } from './present-v1.ts'

export const killSwitchDeck = {
  status: implement(deck.killSwitch.status, async ({ deps, actor }) =>
    presentKillSwitchStatus(await killSwitchStatus(deps, actor)),
  ),
  releasePreview: implement(deck.killSwitch.releasePreview, async ({ deps, actor, input }) =>
    presentReleasePreview(
      await previewRelease(deps, actor, { strategyId: input.strategy_id, symbol: input.symbol }),
    ),
  ),
  flatten: implement(deck.killSwitch.flatten, async ({ deps, actor, input }) => {
    const { strategy_id: strategyId, symbol, confirm, reason } = input
    const flatten = await startFlatten(deps, actor, { strategyId, symbol, confirm, reason })
    return presentFlatten(flatten, await instrumentMap(deps))
  }),
  flattenProgress: implement(deck.killSwitch.flattenProgress, async ({ deps, actor, input }) =>
    presentFlatten(await getFlatten(deps, actor, input.flatten_id), await instrumentMap(deps)),
  ),
} satisfies Implements<typeof deck.killSwitch>
