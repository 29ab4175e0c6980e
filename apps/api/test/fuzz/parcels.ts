import type { RawAnswer, RawRequest } from './client.ts'
import { jsonRequest, type FuzzRequest } from './requests.ts'
import { percentEncode } from './json-text.ts'
import type { Target } from './targets.ts'

/** All lanes together stay below what the server takes for an overload; then what one body or one URL may hold. */
const LARGEST_BATCH = 7
const LONGEST_BODY = 60_000
const LONGEST_URL = 12_000

/** What travels in one HTTP request: one request, or a batch of tRPC calls. */
export interface Parcel<R extends FuzzRequest> {
  requests: R[]
  isBatch: boolean
}

/** Of what may travel in batches every fourth goes alone all the same: that is another path through the server. */
export function packed<R extends FuzzRequest>({ type }: Target, requests: readonly R[]): Parcel<R>[] {
  const parcels: Parcel<R>[] = []
  const limit = type === 'query' ? LONGEST_URL : LONGEST_BODY
  let batch: R[] = []
  let length = 0
  const close = () => {
    if (batch.length > 0) parcels.push({ requests: batch, isBatch: true })
    batch = []
    length = 0
  }
  for (const [index, request] of requests.entries()) {
    const size = sizeOf(request, type)
    if (size === null || size > limit || type === 'subscription' || index % 4 === 0) {
      parcels.push({ requests: [request], isBatch: false })
      continue
    }
    if (length + size > limit || batch.length === LARGEST_BATCH) close()
    batch.push(request)
    length += size
  }
  close()
  return parcels
}

function sizeOf({ envelope }: FuzzRequest, type: Target['type']): number | null {
  if (envelope === undefined) return null
  return (type === 'query' ? percentEncode(envelope).length : Buffer.byteLength(envelope)) + 60
}

/** The one HTTP request of a batch. */
export function batchOf({ name, type }: Target, requests: readonly FuzzRequest[]): RawRequest {
  const path = `/trpc/${requests.map(() => name).join(',')}?batch=1`
  const inputs = `{${requests.map(({ envelope }, index) => `"${index}":${envelope}`).join(',')}}`
  if (type === 'mutation') return jsonRequest('POST', path, inputs)
  return { method: 'GET', path: `${path}&input=${percentEncode(inputs)}`, headers: {} }
}

/** A batch's answer as the answers that its calls would have had alone; null if it is none. */
export function unpacked({ status, headers, text }: RawAnswer, count: number): RawAnswer[] | null {
  if (status >= 500 || !text.startsWith('[')) return null
  const results = JSON.parse(text) as { error?: { json: { data: { httpStatus: number } } } }[]
  if (results.length !== count) return null
  return results.map((result) => {
    return { status: result.error?.json.data.httpStatus ?? 200, headers, text: JSON.stringify(result) }
  })
}
