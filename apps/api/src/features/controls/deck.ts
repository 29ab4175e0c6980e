import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { previewRelease } from './operations-release-preview.ts'
import { killSwitchStatus } from './operations-status.ts'
import { presentKillSwitchStatus, presentReleasePreview } from './present-v1.ts'

export const killSwitchDeck = {
  status: implement(deck.killSwitch.status, async ({ deps, actor }) =>
    presentKillSwitchStatus(await killSwitchStatus(deps, actor)),
  ),
  releasePreview: implement(deck.killSwitch.releasePreview, async ({ deps, actor, input }) =>
    presentReleasePreview(
      await previewRelease(deps, actor, { strategyId: input.strategy_id, symbol: input.symbol }),
    ),
  ),
} satisfies Implements<typeof deck.killSwitch>
