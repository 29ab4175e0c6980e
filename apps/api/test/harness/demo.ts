import { VirtualClock } from '@quantdeck/domain'

import { startDemo } from '../../src/demo/index.ts'
import { startTestApi, type TestApi } from '../harness.ts'

/** A Saturday night: both real markets are closed, and a newcomer looks at the demo. */
export const DEMO_NOW = '2026-01-10T23:30:00Z'

/** The demo market, built once in memory through the real pipeline: about ten seconds. It does not go on ticking. */
export async function startDemoApi(): Promise<TestApi> {
  const api = await startTestApi({ clock: new VirtualClock(new Date(DEMO_NOW)) })
  const demo = await startDemo(api.deps, {
    tools: api.house.parts.tools,
    ownerId: api.users.admin.userId,
    onProgress: () => {},
  })
  await demo.stop()
  return api
}
