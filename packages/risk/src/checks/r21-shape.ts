import { type Check, report, stated } from '../check.ts'
import type { RiskCode } from '../codes.ts'
import type { RiskOrder } from '../request.ts'

interface Shape {
  code: RiskCode
  message: string
  broken: (order: RiskOrder, now: number) => boolean
}

const SHAPES: readonly Shape[] = [
  {
    code: 'EXPIRE_TIME_IN_PAST',
    message: 'the order has already expired',
    broken: (order, now) =>
      order.expiresAt !== null && order.expiresAt !== undefined && order.expiresAt <= now,
  },
  {
    code: 'MISSING_LIMIT_PRICE',
    message: 'a LIMIT order needs a limit price',
    broken: (order) => order.orderType === 'LIMIT' && order.limitPrice === null,
  },
  {
    code: 'MISSING_STOP_PRICE',
    message: 'a STOP order needs a stop price',
    broken: (order) => order.orderType === 'STOP' && order.stopPrice === null,
  },
  {
    code: 'UNSUPPORTED_LIMIT_PRICE',
    message: 'only a LIMIT order has a limit price',
    broken: (order) => order.orderType !== 'LIMIT' && order.limitPrice !== null,
  },
  {
    code: 'UNSUPPORTED_STOP_PRICE',
    message: 'only a STOP order has a stop price',
    broken: (order) => order.orderType !== 'STOP' && order.stopPrice !== null,
  },
  {
    code: 'UNSUPPORTED_TIME_IN_FORCE',
    message: 'a STOP order cannot be for the opening auction',
    broken: (order) => order.orderType === 'STOP' && order.timeInForce === 'OPG',
  },
]

/** The rows of an order that is well formed, with the shapes that they are about: nothing in them ever differs. */
const WELL_FORMED = SHAPES.map((shape) => ({
  shape,
  row: Object.freeze(stated('R21', shape.code, 'order', true, 'well formed')),
}))

/** R21: what kind of order it is and what it brings fit together. */
export const r21Shape: Check = {
  id: 'R21',
  exemptsReducing: false,
  run(context) {
    const { order, now } = context.request
    for (const { shape, row } of WELL_FORMED) {
      const { code, message } = shape
      report(context, shape.broken(order, now) ? stated('R21', code, 'order', false, message) : row)
    }
  },
}
