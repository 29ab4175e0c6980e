import { rl } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { latestSignals } from './operations.ts'
import { presentLatest } from './present-rl.ts'

export const signalsRl = {
  latest: implement(
    rl.signals.latest,
    async ({ deps, actor }) => presentLatest(await latestSignals(deps, actor), deps.clock.now()),
    { isReusable: true },
  ),
} satisfies Implements<typeof rl.signals>
