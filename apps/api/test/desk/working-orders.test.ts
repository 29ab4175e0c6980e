import { Decimal, type Order, ZERO } from '@quantdeck/domain'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { WorkingOrders } from '../../src/desk/working-orders.ts'

type Facts = Pick<Order, 'orderId' | 'clientOrderId' | 'symbol' | 'side' | 'orderType' | 'isEntry'> & {
  quantity: Decimal
  filledQuantity: Decimal
  limitPrice: Decimal | null
  ocoGroupId: string | null
}

const order: fc.Arbitrary<Facts> = fc
  .record({
    id: fc.integer({ min: 1, max: 8 }),
    symbol: fc.constantFrom('ACME', 'EMCA'),
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    isEntry: fc.boolean(),
    isProtective: fc.boolean(),
    filled: fc.integer({ min: 0, max: 2 }),
    price: fc.option(fc.integer({ min: 1, max: 200 }), { nil: null }),
  })
  .map(({ id, symbol, side, isEntry, isProtective, filled, price }) => ({
    ...{ orderId: `o${id}`, clientOrderId: `c${id}`, symbol, side, isEntry },
    orderType: price === null ? 'MARKET' : 'LIMIT',
    quantity: new Decimal(3),
    filledQuantity: new Decimal(filled),
    limitPrice: price === null ? null : new Decimal(price).div(7),
    ocoGroupId: isProtective ? 'group' : null,
  }))

const step = fc.oneof(
  order.map((one) => ({ type: 'set' as const, order: one })),
  fc.integer({ min: 1, max: 8 }).map((id) => ({ type: 'delete' as const, orderId: `o${id}` })),
)

const valueOf = ({
  limitPrice,
  quantity,
  filledQuantity,
}: Pick<Order, 'limitPrice' | 'quantity' | 'filledQuantity'>) =>
  limitPrice && limitPrice.times(quantity.minus(filledQuantity))

it('know after every change what a look at each of them would say', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const working = new WorkingOrders()
      for (const one of steps) {
        // Only what the totals are made from matters here.
        if (one.type === 'set') working.set(one.order.orderId, one.order as unknown as Order)
        else working.delete(one.orderId)
        const orders = [...working.values()]
        const entries = orders.filter(({ isEntry }) => isEntry)
        const sum = (some: Order[]) => some.reduce((total, each) => total.plus(valueOf(each) ?? ZERO), ZERO)
        const totals = working.totals(valueOf)
        expect(totals.entriesUsd.toFixed()).toBe(sum(entries).toFixed())
        expect(totals.buyEntriesUsd.toFixed()).toBe(
          sum(entries.filter(({ side }) => side === 'BUY')).toFixed(),
        )
        expect(totals.marketEntries).toEqual(entries.filter(({ limitPrice }) => limitPrice === null))
        expect(totals.entrySymbols).toEqual(new Set(entries.map(({ symbol }) => symbol)))
        expect(totals.unfilledEntries).toBe(
          entries.filter(({ filledQuantity }) => filledQuantity.isZero()).length,
        )
        expect(totals.active).toBe(orders.filter(({ ocoGroupId }) => ocoGroupId === null).length)
        for (const each of orders) expect(working.byClientOrderId(each.clientOrderId)).toBe(each)
        expect(working.byClientOrderId('nobody')).toBeUndefined()
      }
      working.clear()
      expect([working.totals(valueOf).active, working.byClientOrderId('c1')]).toEqual([0, undefined])
    }),
    { numRuns: 200 },
  )
})
