import { rl } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { listPerformance } from './operations.ts'
import { presentPerformance } from './present-rl.ts'

export const performanceRl = {
  get: implement(rl.performance.get, async ({ deps, actor, input }) =>
    presentPerformance(await listPerformance(deps, actor, input.period), input.period),
  ),
} satisfies Implements<typeof rl.performance>
