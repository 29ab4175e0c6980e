import { rl } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { listPositions } from './operations.ts'
import { presentRlPositions } from './present-rl.ts'

export const positionsRl = {
  list: implement(
    rl.positions.list,
    // Also those of strategies that were switched off meanwhile: an open position is never hidden.
    async ({ deps, actor }) => presentRlPositions(await listPositions(deps, actor, {}), deps.clock.now()),
    { isReusable: true },
  ),
} satisfies Implements<typeof rl.positions>
