import type { PageKey } from '@quantdeck/db'
import { MINUTE_MS, VirtualClock } from '@quantdeck/domain'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Actor, systemActor } from '../auth/actor.ts'
import { PageWalks } from './page-walks.ts'

const START = new Date('2026-01-07T12:00:00Z')
const end = (seq: number): PageKey => ({ at: START, seq })
const user = (userId: string, sessionId = 's'): Actor => ({
  ...systemActor('x'),
  kind: 'user',
  userId,
  sessionId,
})

describe('walks through pages', () => {
  let clock: VirtualClock
  let walks: PageWalks
  beforeEach(() => {
    clock = new VirtualClock(START)
    walks = new PageWalks(clock)
  })
  const ask = (actor: Actor, page: number, filter = {}) =>
    walks.page(actor, 'orders', filter, { page, perPage: 10 })
  const begin = (actor: Actor, filter = {}) => ask(actor, 1, filter).onSeen?.({ upToSeq: 100, last: end(91) })

  it('without a page before it a page is counted from the beginning of the list as it is', () => {
    expect(ask(user('a'), 3)).toEqual({ limit: 10, offset: 20, onSeen: expect.any(Function) as unknown })
  })

  it('the next page begins behind the end of the one before', () => {
    begin(user('a'))
    expect(ask(user('a'), 2)).toMatchObject({ offset: 0, upToSeq: 100, after: end(91) })
    expect(ask(user('a'), 4)).toMatchObject({ offset: 20, upToSeq: 100, after: end(91) })
  })

  it('another caller, session, filter or page size knows nothing of it', () => {
    begin(user('a'), { status: 'PENDING' })
    const counted = { limit: 10, offset: 10, onSeen: expect.any(Function) as unknown }
    expect(ask(user('b'), 2, { status: 'PENDING' })).toEqual(counted)
    expect(ask(user('a', 'other'), 2, { status: 'PENDING' })).toEqual(counted)
    expect(ask(user('a'), 2, { status: 'FILLED' })).toEqual(counted)
    const larger = walks.page(user('a'), 'orders', { status: 'PENDING' }, { page: 2, perPage: 20 })
    expect(larger.after).toBeUndefined()
  })

  it('is forgotten ten minutes after its last page, not before', () => {
    begin(user('a'))
    clock.advanceBy(10 * MINUTE_MS)
    const second = ask(user('a'), 2)
    expect(second.upToSeq).toBe(100)
    second.onSeen?.({ upToSeq: 100, last: end(81) })
    clock.advanceBy(10 * MINUTE_MS)
    expect(ask(user('a'), 3).after).toEqual(end(81))
    clock.advanceBy(1)
    expect(ask(user('a'), 3).upToSeq).toBeUndefined()
  })

  it('one caller that reads many lists pushes out only lists of its own', () => {
    begin(user('a'))
    begin(user('b'))
    for (let n = 0; n < 50; n += 1) begin(user('a'), { n })
    expect(ask(user('a'), 2).after).toBeUndefined()
    expect(ask(user('b'), 2).after).toEqual(end(91))
  })

  it('page 1 asked again and again leaves a walk that has gone on where it is', () => {
    begin(user('a'))
    ask(user('a'), 2).onSeen?.({ upToSeq: 100, last: end(81) })
    for (let n = 1; n < 50; n += 1) ask(user('a'), 1).onSeen?.({ upToSeq: 100 + n, last: end(91 + n) })
    expect(ask(user('a'), 3)).toMatchObject({ upToSeq: 100, after: end(81) })
    expect(ask(user('a'), 2)).toMatchObject({ upToSeq: 149, after: end(140) })
  })

  it('a long walk keeps the ends of its last pages', () => {
    begin(user('a'))
    for (let page = 2; page < 100; page += 1)
      ask(user('a'), page).onSeen?.({ upToSeq: 100, last: end(1000 - page) })
    expect(ask(user('a'), 100)).toMatchObject({ offset: 0, after: end(901) })
    expect(ask(user('a'), 50)).toEqual({
      limit: 10,
      offset: 490,
      upToSeq: 100,
      onSeen: expect.any(Function) as unknown,
    })
  })
})
