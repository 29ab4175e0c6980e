import type { JsonValue } from '@quantdeck/domain'

type JsonObject = { [key: string]: JsonValue }

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 7396: objects merge key by key, null deletes a key, anything else replaces. Neither argument is changed. */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/** The same for two objects, which give an object. */
export function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = mergePatch(target, patch)
  return isObject(merged) ? merged : {}
}

/** The patch that turns one object into another, as far as neither holds a null: what went away is null in it. */
export function patchBetween(from: JsonObject, to: JsonObject): JsonObject {
  const gone = Object.keys(from)
    .filter((key) => !Object.hasOwn(to, key))
    .map((key): [string, JsonValue] => [key, null])
  const kept = Object.entries(to).map(([key, value]): [string, JsonValue] => {
    const before = from[key]
    return [key, isObject(before) && isObject(value) ? patchBetween(before, value) : value]
  })
  return Object.fromEntries([...gone, ...kept])
}
