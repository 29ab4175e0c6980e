import { rl } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { listModelHealth } from './operations.ts'
import { presentModelHealth } from './present-rl.ts'

export const monitorRl = {
  health: implement(rl.monitor.health, async ({ deps, actor }) =>
    presentModelHealth(await listModelHealth(deps, actor), deps.clock.now()),
  ),
} satisfies Implements<typeof rl.monitor>
