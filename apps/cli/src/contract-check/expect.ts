import {
  asDocumented,
  type Endpoint,
  type OutputOf,
  rlError,
  type RlErrorBody,
  v1Error,
  type V1ErrorBody,
  type WireErrorCode,
} from '@quantdeck/contracts'
import type * as z from 'zod'
import { must, show } from './check.ts'
import type { Answer } from './http.ts'

/** @throws {CheckFailure} unless the status is one of `statuses` */
export function expectStatus(answer: Answer, ...statuses: number[]): void {
  must(
    statuses.includes(answer.status),
    `${answer.request} to answer ${statuses.join(' or ')}`,
    `${answer.status} ${answer.text.slice(0, 160)}`.trimEnd(),
  )
}

/** @throws {CheckFailure} unless the answer says that it is JSON and is */
export function expectJson(answer: Answer): void {
  const type = answer.headers['content-type'] ?? ''
  must(
    /^application\/json\s*(?:;|$)/i.test(type),
    `${answer.request} as application/json`,
    type || 'no Content-Type',
  )
  must(answer.body !== undefined, `${answer.request} with a JSON body`, answer.text.slice(0, 100))
}

/** @throws {CheckFailure} unless the value has the shape that the document shows; more fields are allowed */
export function expectShape(value: unknown, schema: z.ZodType, where: string): void {
  const result = asDocumented(schema).safeParse(value)
  if (result.success) return
  const [issue] = result.error.issues
  const path = issue?.path ?? []
  const name = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  const problem = issue?.message.replace(/^Invalid input: /, '') ?? 'the documented shape'
  must(false, `${where}: ${name.replace(/^\./, '') || 'the body'}: ${problem}`, show(valueAt(value, path)))
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner = value
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null) return undefined
    inner = (inner as Record<PropertyKey, unknown>)[part]
  }
  return inner
}

/** Status, content type and shape of a success. @returns the body, whatever more it holds */
export function expectAnswer<E extends Endpoint>(answer: Answer, endpoint: E): OutputOf<E> {
  const { status, alternativeStatuses } = endpoint.meta
  expectStatus(answer, status, ...Object.keys(alternativeStatuses).map(Number))
  expectJson(answer)
  expectShape(answer.body, endpoint.output, answer.request)
  return answer.body as OutputOf<E>
}

/** An error in the v1 document's format. */
export function expectV1Error(answer: Answer, status: number, code: WireErrorCode): V1ErrorBody {
  expectStatus(answer, status)
  expectJson(answer)
  expectShape(answer.body, v1Error, `${answer.request} (v1 error)`)
  const body = answer.body as V1ErrorBody
  must(body.error.code === code, `${answer.request}: error.code ${code}`, show(body.error.code))
  return body
}

/** An error in the rl document's format. */
export function expectRlError(answer: Answer, status: number, code: string): RlErrorBody {
  expectStatus(answer, status)
  expectJson(answer)
  expectShape(answer.body, rlError, `${answer.request} (rl error)`)
  const body = answer.body as RlErrorBody
  must(body.error === code, `${answer.request}: error ${code}`, show(body.error))
  return body
}

/** A v1 400 that says which field it is about. */
export function expectInvalidField(answer: Answer, field: string): void {
  const { error } = expectV1Error(answer, 400, 'VALIDATION_ERROR')
  const fields = error.details.map((detail) => detail.field)
  must(fields.includes(field), `${answer.request}: error.details about ${field}`, show(error.details))
}
