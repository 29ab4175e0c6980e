import { endpoint } from '@quantdeck/contracts'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

import { implement, type Implements } from './implement.ts'

const common = {
  tags: ['Test'],
  access: { role: 'viewer' },
  rateLimit: 'added-read',
} as const

const tree = {
  get: endpoint(
    { ...common, method: 'GET', path: '/v1/things/{id}', summary: 'Get', operationId: 'get_thing' },
    z.object({ id: z.string() }),
    z.object({ name: z.string() }),
  ),
  remove: endpoint(
    { ...common, method: 'DELETE', path: '/v1/things/{id}', summary: 'Remove', operationId: 'remove_thing' },
    z.object({ id: z.string() }),
    z.object({ message: z.string() }),
  ),
}

const get = implement(tree.get, async ({ input }) => ({ name: input.id }))
const remove = implement(tree.remove, async () => ({ message: 'gone' }))

describe('implement', () => {
  it('makes a query of a GET and a mutation of everything else, carrying its endpoint', () => {
    expect([get._def.type, remove._def.type]).toEqual(['query', 'mutation'])
    expect(get.endpoint).toBe(tree.get)
  })

  it('does not compile without all of a tree, with something beside it, or with the wrong answer', () => {
    const whole = { get, remove } satisfies Implements<typeof tree>
    // @ts-expect-error `remove` is declared and not implemented
    const missing = { get } satisfies Implements<typeof tree>
    // @ts-expect-error `more` is implemented and not declared
    const more = { get, remove, more: get } satisfies Implements<typeof tree>
    // @ts-expect-error a mutation is no query
    const swapped = { get: remove, remove: get } satisfies Implements<typeof tree>
    // @ts-expect-error the contract says `name` is a string
    const wrong = implement(tree.get, async () => ({ name: 1 }))
    expect([whole, missing, more, swapped, wrong]).toHaveLength(5)
  })
})
