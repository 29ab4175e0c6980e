import type { Outputs } from './app-router.ts'

export type Json = Outputs['deck']['audit']['list']['data'][number]['before']

export interface Difference {
  /** `config.risk_per_trade_pct` */
  path: string
  before: Json | undefined
  after: Json | undefined
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Field by field what differs, in the order of the keys; nothing stored on one side counts as absent. */
export function differences(before: Json | undefined, after: Json | undefined, path = ''): Difference[] {
  if (isObject(before) || isObject(after)) {
    const left = isObject(before) ? before : {}
    const right = isObject(after) ? after : {}
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    return keys.flatMap((key) => differences(left[key], right[key], path === '' ? key : `${path}.${key}`))
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [{ path, before: before ?? undefined, after: after ?? undefined }]
}
