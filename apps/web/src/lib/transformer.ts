import superjson from 'superjson'

interface Envelope {
  json: unknown
  meta?: unknown
}

/** superjson's wire format; answers without `meta` are plain JSON already and are not walked. */
export const transformer = {
  serialize: (value: unknown): Envelope => superjson.serialize(value),
  deserialize(value: Envelope): unknown {
    return value.meta === undefined
      ? value.json
      : superjson.deserialize(value as Parameters<typeof superjson.deserialize>[0])
  },
}
