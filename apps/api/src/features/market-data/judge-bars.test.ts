import { type Bar, DAY_MS, Decimal } from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'
import { type IncomingBar, judgeBars, type JudgeContext, type WaitingBar } from './judge-bars.ts'

const START = Date.UTC(2025, 0, 1)
const EMPTY: JudgeContext = { known: [], lastClose: null, waiting: [], latestMs: START + 1000 * DAY_MS }

function values(price: string) {
  const at = new Decimal(price)
  return { open: at, high: at, low: at, close: at, volume: new Decimal(1) }
}

function incoming(prices: Record<number, string>): IncomingBar[] {
  return Object.entries(prices).map(([day, price], index) => ({
    ...values(price),
    index,
    line: index + 2,
    openedAt: new Date(START + Number(day) * DAY_MS),
  }))
}

function known(day: number, price: string): Bar {
  const openedAt = new Date(START + day * DAY_MS)
  const closedAt = new Date(openedAt.getTime() + DAY_MS)
  return { ...values(price), symbol: 'X', intervalSeconds: 86_400, openedAt, closedAt, source: 'test' }
}

function waiting(day: number, price: string): WaitingBar {
  return {
    ...values(price),
    quarantineId: `q${day}`,
    importId: null,
    line: null,
    openedAt: new Date(START + day * DAY_MS),
  }
}

function summary(bars: IncomingBar[], context: Partial<JudgeContext> = {}) {
  const judged = judgeBars(bars, { ...EMPTY, ...context })
  return {
    accepted: judged.accepted.map((bar) => bar.close.toFixed()),
    refused: judged.refused.map(({ bar, reason }) => `${bar.close.toFixed()} ${reason}`),
    duplicates: judged.duplicateCount,
    released: judged.released.map((bar) => bar.quarantineId),
    hasNewLevel: judged.hasNewLevel,
  }
}

describe('judgeBars', () => {
  it('judges in time order, whatever the order of the request', () => {
    expect(summary(incoming({ 3: '130', 1: '100', 2: '115' })).accepted).toEqual(['100', '115', '130'])
  })

  it('counts a bar that is known with the same values and refuses one with others', () => {
    const result = summary(incoming({ 1: '100', 2: '101' }), { known: [known(1, '100.0'), known(2, '102')] })
    expect(result).toMatchObject({ accepted: [], duplicates: 1, refused: ['101 DUPLICATE_TIMESTAMP'] })
  })

  it('sees the same instant twice in one request', () => {
    const twice = incoming({ 1: '100', 2: '105' }).map((bar) => ({ ...bar, openedAt: new Date(START) }))
    expect(summary(twice)).toMatchObject({ accepted: ['100'], refused: ['105 DUPLICATE_TIMESTAMP'] })
  })

  it('measures a bar that fills a gap against the known bar before it', () => {
    const context = { known: [known(2, '200')], lastClose: new Decimal('100') }
    expect(summary(incoming({ 1: '101', 3: '201' }), context)).toMatchObject({
      accepted: ['101', '201'],
      refused: [],
    })
  })

  it('takes back its own refusals when the third bar confirms the level', () => {
    const result = summary(incoming({ 0: '100', 1: '150', 2: '151', 3: '152' }))
    expect(result).toMatchObject({ accepted: ['100', '150', '151', '152'], refused: [], hasNewLevel: true })
  })

  it('releases what earlier requests left in quarantine', () => {
    const context = { lastClose: new Decimal('100'), waiting: [waiting(1, '150'), waiting(2, '151')] }
    expect(summary(incoming({ 3: '152' }), context)).toEqual({
      accepted: ['152'],
      refused: [],
      duplicates: 0,
      released: ['q1', 'q2'],
      hasNewLevel: true,
    })
  })

  it('refuses a bar that has not come yet', () => {
    expect(summary(incoming({ 5: '100' }), { latestMs: START }).refused).toEqual(['100 DATE_OUT_OF_RANGE'])
  })
})
