import { deck } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { instrumentMap } from '../orders/operations.ts'
import { getFlatten, startFlatten } from './operations-flatten.ts'
import { previewRelease } from './operations-release-preview.ts'
import { listReleases } from './operations-release-requests.ts'
import { killSwitchStatus } from './operations-status.ts'
import {
  presentFlatten,
  presentKillSwitchStatus,
  presentReleasePreview,
  presentReleaseRequest,
} from './present-v1.ts'

export const killSwitchDeck = {
  status: implement(deck.killSwitch.status, async ({ deps, actor }) =>
    presentKillSwitchStatus(await killSwitchStatus(deps, actor)),
  ),
  releasePreview: implement(deck.killSwitch.releasePreview, async ({ deps, actor, input }) =>
    presentReleasePreview(
      await previewRelease(deps, actor, { strategyId: input.strategy_id, symbol: input.symbol }),
    ),
  ),
  releases: implement(deck.killSwitch.releases, async ({ deps, actor, input }) => {
    const { status, page, per_page } = input
    const { releases, totalCount } = await listReleases(deps, actor, { status, page, perPage: per_page })
    return { data: releases.map(presentReleaseRequest), meta: { total_count: totalCount, page, per_page } }
  }),
  flatten: implement(deck.killSwitch.flatten, async ({ deps, actor, input }) => {
    const { strategy_id: strategyId, symbol, confirm, reason } = input
    const flatten = await startFlatten(deps, actor, { strategyId, symbol, confirm, reason })
    return presentFlatten(flatten, await instrumentMap(deps))
  }),
  flattenProgress: implement(deck.killSwitch.flattenProgress, async ({ deps, actor, input }) =>
    presentFlatten(await getFlatten(deps, actor, input.flatten_id), await instrumentMap(deps)),
  ),
} satisfies Implements<typeof deck.killSwitch>
