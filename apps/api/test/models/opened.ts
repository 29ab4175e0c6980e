import { ensureDefined } from '@quantdeck/domain'
import { afterAll, beforeAll } from 'vitest'
import { OPENING_MS } from './machine.ts'

/** One world for all tests of a describe block: opened before the first of them, closed after the last. */
export function opened<World extends { close(): Promise<void> }>(open: () => Promise<World>): () => World {
  let world: World | undefined
  beforeAll(async () => {
    world = await open()
  }, OPENING_MS)
  afterAll(() => world?.close())
  return () => ensureDefined(world, 'an open world')
}
