import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderCommands } from './commands.ts'
import { PureSystem, type SeededBug } from './pure-system.ts'
import { Reference } from './reference.ts'

/** 1,000 in the suite; `pnpm test:soak orders` sets the full count. */
const RUNS = Number(process.env['ORDER_MODEL_RUNS'] ?? '1000')
const COMMANDS = 40

async function check(bug: SeededBug, numRuns: number) {
  const property = fc.asyncProperty(orderCommands(COMMANDS), async (commands) => {
    await fc.asyncModelRun(() => ({ model: new Reference(), real: new PureSystem(bug) }), commands)
  })
  return fc.check(property, {
    numRuns,
    seed: Number(process.env['ORDER_MODEL_SEED'] ?? Date.parse('2026-01-07')),
  })
}

describe('the order machine beside its reference model', () => {
  it(
    `agrees after any sequence of orders, reports, cancellations, prices and restarts: ${RUNS} sequences`,
    async () => {
      const found = await check('none', RUNS)
      expect(found.failed, fc.defaultReportMessage(found)).toBe(false)
      expect(found.numRuns).toBe(RUNS)
    },
    RUNS * 60 + 60_000,
  )

  for (const bug of ['forgets booked trades', 'forgets finished orders', 'loses cancellations'] as const) {
    it(`finds a product that ${bug}`, async () => {
      const found = await check(bug, 2_000)
      expect(found.failed).toBe(true)
    })
  }
})
