import { v1 } from '@quantdeck/contracts'

import { implement, type Implements } from '../../trpc/implement.ts'
import { getHealth, getServiceHealth } from './operations.ts'
import { presentHealth, presentServiceHealth } from './present-v1.ts'

export const healthV1 = {
  get: implement(v1.health.get, async ({ deps, actor }) => presentHealth(await getHealth(deps, actor))),
  service: implement(v1.health.service, async ({ deps, actor, input }) =>
    presentServiceHealth(await getServiceHealth(deps, actor, input.service_name)),
  ),
} satisfies Implements<typeof v1.health>
