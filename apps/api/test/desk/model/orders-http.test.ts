import { describeEngines } from '@quantdeck/db/testing'
import { VirtualClock } from '@quantdeck/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi } from '../../harness.ts'
import { NOON } from '../house.ts'
import { BrokerScript } from './broker-script.ts'
import { orderCommands } from './commands.ts'
import { emptyHouse, HttpSystem, layInstrument } from './http-system.ts'
import { Reference } from './reference.ts'
import { ScriptedBroker } from './scripted-broker.ts'

/** A handful in the suite; `pnpm test:soak orders` sets the full count. */
const RUNS = Number(process.env['ORDER_HTTP_RUNS'] ?? '6')
const SEED = Number(process.env['ORDER_MODEL_SEED'] ?? '20260107')

describeEngines('the order machine through HTTP', (engine) => {
  const clock = new VirtualClock(NOON)
  const broker = new ScriptedBroker(new BrokerScript(() => clock.now()))
  let api: TestApi
  let token: string

  beforeAll(async () => {
    const env = { INITIAL_CAPITAL: '100000000' }
    api = await startTestApi({ engine, clock, env, openBroker: () => broker })
    await layInstrument(api.deps.db)
    token = await api.login('admin')
  })
  afterAll(() => api.close())

  it(
    `agrees with its reference model: ${RUNS} sequences`,
    async () => {
      const property = fc.asyncProperty(orderCommands(20), async (commands) => {
        await emptyHouse(api.deps.db)
        const real = new HttpSystem({ api, token, broker })
        await fc.asyncModelRun(() => ({ model: new Reference(), real }), commands)
      })
      const found = await fc.check(property, { numRuns: RUNS, seed: SEED })
      expect(found.failed, fc.defaultReportMessage(found)).toBe(false)
      expect(found.numRuns).toBe(RUNS)
    },
    RUNS * 10_000 + 60_000,
  )
})
