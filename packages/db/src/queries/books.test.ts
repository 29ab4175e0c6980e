import { randomUUID } from 'node:crypto'
import { applyFill, type Decimal, type Fill, type Position } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Story, stories } from '../../../domain/test/books/fills.ts'
import { book, cashFlow, signedQuantity, sum, text } from '../../../domain/test/books/ledger.ts'
import {
  createTestDatabase,
  describeEngines,
  sampleOrder,
  sampleStrategy,
  type TestDatabase,
} from '../testing/index.ts'
import { sumFillsByBook, sumPositionsByBook, sumRealizedByStrategy } from './books.ts'
import { insertFills } from './fills.ts'
import { insertOrders } from './orders.ts'
import { upsertPositions } from './positions.ts'
import { insertStrategy } from './strategies.ts'

/** Cases, each a strategy's whole story: `pnpm test:soak books` asks for 10,000. */
const RUNS = Number(process.env['BOOKS_RUNS'] ?? 500)
const SEED = Number(process.env['BOOKS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
/** Stories in the tables at a time. */
const AT_ONCE = 250
const strategyIds = Array.from({ length: AT_ONCE }, (_, index) => `story_${index}`)

/** What the tables would hold of a story, and what it adds up to in JavaScript. */
function rowsOf(story: Story, strategyId: string, orderId: string) {
  const booked = book(applyFill, story)
  const fills = story.fills.map((fill): Fill => {
    const fillId = randomUUID()
    return { ...fill, fillId, orderId, brokerTradeId: fillId, strategyId }
  })
  const positions = booked.kept.map((one): Position => ({ ...one, strategyId, positionId: randomUUID() }))
  return { fills, positions }
}

const total = (positions: readonly Position[], amount: (position: Position) => Decimal) =>
  text(sum(positions.map(amount)))

describeEngines('sums of the books', (engine) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase(engine)
    for (const strategyId of strategyIds) await insertStrategy(test.db.kysely, sampleStrategy({ strategyId }))
  })
  afterAll(() => test?.close())

  async function store(cases: readonly Story[]) {
    const db = test.db.kysely
    await test.db.executeSql('truncate fills, orders, positions')
    const orders = cases.map((_, index) => sampleOrder({ strategyId: strategyIds[index] ?? '' }))
    const rows = cases.map((story, index) => {
      const { orderId = '', strategyId = '' } = orders[index] ?? {}
      return rowsOf(story, strategyId, orderId)
    })
    await insertOrders(db, orders)
    await insertFills(
      db,
      rows.flatMap(({ fills }) => fills),
    )
    await upsertPositions(
      db,
      rows.flatMap(({ positions }) => positions),
    )
    return rows
  }

  describe(`of ${RUNS} generated stories`, () => {
    it('are in SQL exactly what they are in JavaScript', { timeout: 30_000 + RUNS * 60 }, async () => {
      const cases = fc.sample(stories, { numRuns: RUNS, seed: SEED })
      for (let from = 0; from < cases.length; from += AT_ONCE) {
        const chunk = cases.slice(from, from + AT_ONCE)
        const rows = await store(chunk)
        const ofFills = new Map((await sumFillsByBook(test.db.kysely)).map((row) => [row.strategyId, row]))
        const ofPositions = new Map(
          (await sumPositionsByBook(test.db.kysely)).map((row) => [row.strategyId, row]),
        )
        const realized = await sumRealizedByStrategy(test.db.kysely, 'PAPER')
        chunk.forEach((story, index) => {
          const strategyId = strategyIds[index] ?? ''
          const { positions } = rows[index] ?? expect.fail('no rows')
          const [fillSums, sums] = [ofFills.get(strategyId), ofPositions.get(strategyId)]
          const where = `seed ${SEED}, story ${from + index}`
          expect(fillSums?.fills, where).toBe(story.fills.length)
          expect(text(fillSums?.quantity), where).toBe(text(sum(story.fills.map(signedQuantity))))
          expect(text(fillSums?.cash.times(story.instrument.multiplier)), where).toBe(text(cashFlow(story)))
          expect(text(fillSums?.feesUsd), where).toBe(text(sum(story.fills.map(({ fee }) => fee))))
          expect(text(sums?.quantity), where).toBe(text(fillSums?.quantity))
          expect(text(sums?.costBasis), where).toBe(total(positions, (one) => one.costBasis))
          expect(text(sums?.realizedQuote), where).toBe(total(positions, (one) => one.realizedQuote))
          expect(text(sums?.realizedUsd), where).toBe(total(positions, (one) => one.realizedUsd))
          expect(text(sums?.feesUsd), where).toBe(text(fillSums?.feesUsd))
          expect(text(realized.get(strategyId)), where).toBe(
            total(positions, (one) => one.realizedUsd.minus(one.feesUsd)),
          )
          // The identity of the books, without JavaScript: what was realised is the cash flow plus the cost of the rest.
          expect(text(sums?.realizedQuote.minus(sums.costBasis)), where).toBe(
            text(fillSums?.cash.times(story.instrument.multiplier)),
          )
        })
      }
    })
  })
})
