import { Decimal } from '@quantdeck/domain'
import { SuperJSON } from 'superjson'

export const superjson = new SuperJSON()
superjson.registerCustom<Decimal, string>(
  {
    isApplicable: (value): value is Decimal => Decimal.isDecimal(value),
    serialize: (value) => value.toFixed(),
    deserialize: (text) => new Decimal(text),
  },
  'decimal',
)

const richValues = new WeakSet<object>()

/** Marks an answer that holds Decimals or Dates: it is sent through superjson and arrives as what it was. */
export function rich<T extends object>(value: T): T {
  richValues.add(value)
  return value
}

export interface Envelope {
  json: unknown
  meta?: unknown
}

function isEnvelope(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && 'json' in value
}

/**
 * superjson's wire format, so that a stock superjson client understands it, without its cost: contract answers
 * are plain JSON already and are not traversed (that doubled the time of a page of positions).
 */
export const transformer = {
  serialize(value: unknown): Envelope {
    if (typeof value === 'object' && value !== null && richValues.has(value))
      return superjson.serialize(value)
    return { json: value }
  },
  deserialize(value: unknown): unknown {
    if (!isEnvelope(value)) return undefined
    if (value.meta === undefined) return value.json
    return superjson.deserialize(value as Parameters<typeof superjson.deserialize>[0])
  },
}
