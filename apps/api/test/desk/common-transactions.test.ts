import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CommonTransactions, type WorkResult } from '../../src/desk/common-transactions.ts'
import type { DeskContext } from '../../src/desk/context.ts'

const TOOK_MS = 8

/** Transactions that take a while, and clients that need some time to ask again. */
function world() {
  const sizes: number[] = []
  let queue: Promise<unknown> = Promise.resolve()
  const together = new CommonTransactions({
    enqueue: (job) => {
      const next = queue.then(job)
      queue = next
      return next
    },
    transact: async (work) => {
      const results: WorkResult[] = await work({} as DeskContext, undefined as never, new Set())
      sizes.push(results.length)
      await new Promise((resolve) => setTimeout(resolve, TOOK_MS))
      return results
    },
    onCommitted: () => {},
    send: async () => {},
  })
  const client = async (asks: number, pauseMs: number) => {
    for (let ask = 0; ask < asks; ask += 1) {
      await together.run(() => ask, {})
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  return { together, sizes, client }
}

describe('the next common transaction', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const finish = async (all: Promise<unknown>) => {
    const over = vi.fn()
    void all.then(over)
    for (let ms = 0; over.mock.calls.length === 0 && ms < 2_000; ms += 1) await vi.advanceTimersByTimeAsync(1)
    expect(over).toHaveBeenCalledOnce()
  }

  it('waits a moment for clients that were answered just now, so that they do not part into two halves', async () => {
    const { sizes, client } = world()
    const late = new Promise((resolve) => setTimeout(resolve, 3)).then(() =>
      Promise.all([client(10, 4), client(10, 4)]),
    )
    await finish(Promise.all([client(10, 4), client(10, 4), late]))
    expect(Math.max(...sizes)).toBe(4)
    expect(sizes.length).toBeLessThan(15)
  })

  it('does not wait for longer than the one before it took', async () => {
    const { sizes, client } = world()
    const started = performance.now()
    await finish(client(5, 100))
    expect(sizes).toEqual([1, 1, 1, 1, 1])
    expect(performance.now() - started).toBeLessThan(5 * (100 + TOOK_MS) + 5)
  })

  it('takes along what nobody waits for, and does not leave it when nobody else comes', async () => {
    const { together, sizes } = world()
    await finish(together.run(() => 'asked', {}))
    const report = together.run(() => 'reported', { isPatient: true })
    await vi.advanceTimersByTimeAsync(5)
    expect(sizes).toEqual([1])
    await finish(Promise.all([report, together.run(() => 'asked', {})]))
    expect(sizes).toEqual([1, 2])
    await finish(together.run(() => 'reported', { isPatient: true }))
    expect(sizes).toEqual([1, 2, 1])
  })
})
