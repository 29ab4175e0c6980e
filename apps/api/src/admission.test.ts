import { AppError } from '@quantdeck/domain'
import { beforeEach, describe, expect, it } from 'vitest'

import { Admission, isAlwaysOpen, isDecidedByUrl } from './admission.ts'
import { createLogger } from './log.ts'

/** A process whose time passes only when it works. */
class World {
  now = 0
  waiting = 0
  readonly logged: string[] = []
  #endTurn: () => void = () => {}
  readonly admission = new Admission({
    log: createLogger('info', { write: (line: string) => void this.logged.push(line) }),
    nowMs: () => this.now,
    waitingQueries: () => this.waiting,
    afterTurn: (done) => (this.#endTurn = done),
  })

  /** So many requests arrive at once; each that is taken on takes so long, and a refusal nothing. @returns how many were taken on */
  turn(requests: number, workMs: number): number {
    let admitted = 0
    for (let i = 0; i < requests; i += 1) {
      try {
        this.admission.assertOpen()
        admitted += 1
        this.now += workMs
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'SERVICE_UNAVAILABLE') throw error
      }
    }
    this.#endTurn()
    return admitted
  }

  /** Turn after turn for so long, with what arrives meanwhile. @returns what each turn took on */
  storm(forMs: number, perTurn: number, workMs: number): number[] {
    const until = this.now + forMs
    const turns: number[] = []
    while (this.now < until) {
      turns.push(this.turn(perTurn, workMs))
      this.now += 1
    }
    return turns
  }
}

let world: World
beforeEach(() => {
  world = new World()
})

describe('the admission of requests', () => {
  it('refuses nobody as long as there is no crowd, however slow the work is', () => {
    expect(world.storm(10_000, 31, 100).every((taken) => taken === 31)).toBe(true)
  })

  it('refuses nobody of a crowd that is served quickly', () => {
    expect(world.storm(10_000, 100, 0.2).every((taken) => taken === 100)).toBe(true)
  })

  it('takes on a burst that takes long, and what comes after it', () => {
    expect(world.turn(100, 4)).toBe(100)
    expect(world.turn(20, 4)).toBe(20)
  })

  it('takes on the beginning of a flood only', () => {
    expect(world.turn(5_000, 1)).toBe(128)
  })

  it('keeps the turns of an overload short, so that answers and refusals are quick', () => {
    world.storm(1_000, 500, 4)
    const turns = world.storm(10_000, 500, 4)
    expect(new Set(turns)).toEqual(new Set([4]))
  })

  it('lets something through even if every request takes longer than a turn may', () => {
    world.storm(2_000, 200, 100)
    expect(new Set(world.storm(5_000, 200, 100))).toEqual(new Set([1]))
  })

  it('serves everybody again a moment after the overload', () => {
    world.storm(2_000, 500, 4)
    world.now += 251
    expect(world.turn(100, 4)).toBe(100)
  })

  it('goes by the line for the database where that is elsewhere', () => {
    world.waiting = 60
    expect(world.storm(400, 40, 0.1).every((taken) => taken === 40)).toBe(true)
    world.storm(200, 40, 0.1)
    expect(world.turn(40, 0.1)).toBe(0)
    world.waiting = 7
    expect(world.turn(40, 0.1)).toBe(40)
    world.waiting = 128
    expect(new World().turn(1, 1)).toBe(1)
    expect(world.turn(1, 1)).toBe(0)
  })

  it('writes one line when an overload begins and one when it ends, with how many were refused', () => {
    for (let i = 0; i < 2; i += 1) {
      world.storm(3_000, 500, 4)
      world.now += 1_000
      world.turn(1, 1)
    }
    const lines = world.logged.map((line) => JSON.parse(line) as { msg: string; refused?: number })
    expect(lines.map(({ msg }) => msg.endsWith('refused'))).toEqual([true, false, true, false])
    const counts = lines.flatMap(({ refused }) => refused ?? [])
    expect(counts.reduce((sum, count) => sum + count)).toBe(world.admission.refused)
  })
})

describe('what is always let in', () => {
  it.each([
    '/healthz',
    '/readyz',
    '/metrics',
    '/v1/health',
    '/v1/health?x=1',
    '/v1/health/services/database',
    '/v1/controls/kill-switch/flatten',
    '/v1/controls/kill-switch/flatten/0b0c3c9e-6f1e-4a53-a6b5-2f3f6a3a9d11?x=1',
  ])('%s', (url) => expect(isDecidedByUrl(url)).toBe(false))
  it.each([
    '/',
    '/v1/positions',
    '/healthz/',
    '/v1/healthy',
    '/v1/controls/mode-transition',
    '/v1/controls/kill-switch/release-preview',
    '/v1/controls/kill-switch/flatten/a/b',
    '/v1/controls/kill-switch/flattened',
    '/v1/health/services/a/b',
  ])('not %s', (url) => expect(isDecidedByUrl(url)).toBe(true))
  it('the kill switch, through every door', () => {
    expect(isDecidedByUrl('/v1/controls/kill-switch')).toBe(false)
    expect(isAlwaysOpen('set_kill_switch')).toBe(true)
    expect(isAlwaysOpen('flatten_positions')).toBe(true)
    expect(isAlwaysOpen('get_flatten')).toBe(true)
    expect(isAlwaysOpen('list_positions')).toBe(false)
  })
})
