import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

import { buildOpenApiDocument } from '../../src/rest/openapi.ts'
import { appRouter } from '../../src/trpc/router.ts'
import type { RawAnswer } from './client.ts'
import type { Door, Target } from './requests.ts'

const STACK = /\n\s*at .+:\d+:\d+|node_modules|file:\/\/|\.[cm]?[jt]s:\d+|SQLSTATE|syntax error at or near/

interface Response {
  content?: Record<string, { schema: unknown }>
}

/** What the generated document allows as an answer, for both doors: a tRPC answer holds the same body. */
export class Oracle {
  readonly #document = buildOpenApiDocument(appRouter)
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor() {
    this.#ajv.addSchema({ ...this.#document, $id: 'document' })
  }

  /** @returns what is wrong with the answer, null if nothing is */
  judge(target: Target, door: Door, answer: RawAnswer): string | null {
    const isSick = answer.status === 503 && 503 in target.endpoint.meta.alternativeStatuses
    if (answer.status >= 500 && !isSick) return `status ${answer.status}`
    if (STACK.test(answer.text)) return 'text of a stack or a statement'
    return door === 'rest' ? this.#judgeRest(target, answer) : this.#judgeTrpc(target, answer)
  }

  #responsesOf({ endpoint: { meta } }: Target): Record<string, Response> {
    return this.#document.paths[meta.path]?.[meta.method.toLowerCase()]?.responses as Record<string, Response>
  }

  #judgeRest(target: Target, { status, contentType, text, requestId }: RawAnswer): string | null {
    const documented = this.#responsesOf(target)[status]
    if (documented === undefined) return `status ${status} is not in the document`
    if (requestId === '') return 'no X-Request-ID'
    const [type = ''] = contentType.split(';')
    const schema = documented.content?.[type]
    if (schema === undefined) return `${type} of ${status} is not in the document`
    if (type !== 'application/json') return null
    return this.#fits(target, status, JSON.parse(text))
  }

  #judgeTrpc(target: Target, { status, text }: RawAnswer): string | null {
    const responses = this.#responsesOf(target)
    const body = JSON.parse(text) as { result?: { data: { json: unknown } }; error?: { json: TrpcError } }
    if (body.error !== undefined) return judgeTrpcError(body.error.json, status, responses)
    if (body.result === undefined) return 'neither a result nor an error'
    const { meta } = target.endpoint
    if (meta.contentType !== 'application/json') return null
    // tRPC has one status for success; the body's own is the contract's.
    return this.#fits(target, meta.status, body.result.data.json)
  }

  #fits({ endpoint: { meta } }: Target, status: number, body: unknown): string | null {
    const path = meta.path.replaceAll('/', '~1')
    const type =
      meta.contentType === 'application/json' || status >= 400 ? 'application~1json' : meta.contentType
    const at = `document#/paths/${path}/${meta.method.toLowerCase()}/responses/${status}/content/${type}/schema`
    const ref = at.replaceAll('{', '%7B').replaceAll('}', '%7D')
    const known = this.#validators.get(ref)
    const validate = known ?? this.#ajv.compile({ $ref: ref })
    this.#validators.set(ref, validate)
    return validate(body) ? null : `outside the document: ${this.#ajv.errorsText(validate.errors)}`
  }
}

interface TrpcError {
  message: string
  data: { appCode: string; httpStatus: number; details: unknown[] }
}

function judgeTrpcError({ message, data }: TrpcError, status: number, documented: object): string | null {
  if (data.httpStatus !== status) return `status ${status} says ${data.httpStatus}`
  if (!(status in documented)) return `status ${status} is not in the document`
  const isComplete = message !== '' && /^[A-Z_]+$/.test(data.appCode) && Array.isArray(data.details)
  return isComplete ? null : 'an error without its parts'
}
