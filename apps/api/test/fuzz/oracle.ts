import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import * as z from 'zod'

import { buildOpenApiDocument } from '../../src/rest/openapi.ts'
import { appRouter } from '../../src/trpc/router.ts'
import { isStream, type RawAnswer } from './client.ts'
import type { Door, Target } from './targets.ts'

const STACK = /\n\s*at .+:\d+:\d+|node_modules|file:\/\/|\.[cm]?[jt]s:\d+|SQLSTATE|syntax error at or near/

interface Response {
  content?: Record<string, { schema: unknown }>
}

export interface Judgement {
  /** Of the answer; that of its error where an event stream holds one. */
  status: number
  /** What is wrong with it, null if nothing is. */
  wrong: string | null
}

const opened = z.strictObject({
  accessToken: z.string(),
  expiresInSeconds: z.int().min(1),
  user: z.strictObject({ userId: z.string(), email: z.string(), name: z.string(), role: z.string() }),
})
const event = z.strictObject({
  sequence: z.int(),
  topic: z.string(),
  key: z.string().nullable(),
  at: z.string(),
  payload: z.unknown(),
})
const message = z.object({ type: z.string(), timestamp: z.string(), data: z.object(), sequence: z.int() })

/** What only the dashboard uses stands in no document: the answers it expects. */
const DASHBOARD: Readonly<Record<string, z.ZodType>> = {
  'session.login': opened,
  'session.loginWithLink': opened,
  'session.refresh': opened,
  'session.logout': z.strictObject({ message: z.string() }),
  'stream.events': event,
  'stream.signals': message,
}

/** What the generated document allows as an answer, for both doors: a tRPC answer holds the same body. */
export class Oracle {
  readonly #document = buildOpenApiDocument(appRouter)
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  readonly #validators = new Map<string, ValidateFunction>()

  constructor() {
    this.#ajv.addSchema({ ...this.#document, $id: 'document' })
  }

  /** The ids of all its operations. */
  get operationIds(): string[] {
    const operations = Object.values(this.#document.paths).flatMap((methods) => Object.values(methods))
    return operations.map((operation) => String(operation['operationId']))
  }

  judge(target: Target, door: Door, answer: RawAnswer): Judgement {
    const { status, text } = answer
    if (isStream(answer)) return judgeStream(target, text)
    return { status, wrong: this.#judge(target, door, answer) }
  }

  #judge(target: Target, door: Door, answer: RawAnswer): string | null {
    const { status, headers, text } = answer
    const isSick = status === 503 && 503 in (target.endpoint?.meta.alternativeStatuses ?? {})
    if (status >= 500 && !isSick) return `status ${status}`
    if (STACK.test(text)) return 'text of a stack or a statement'
    if (headers['x-request-id'] === undefined) return 'no X-Request-ID'
    return door === 'rest' ? this.#judgeRest(target, answer) : this.#judgeTrpc(target, answer)
  }

  #responsesOf({ endpoint }: Target): Record<string, Response> | null {
    if (endpoint === null) return null
    const { path, method } = endpoint.meta
    return this.#document.paths[path]?.[method.toLowerCase()]?.responses as Record<string, Response>
  }

  #judgeRest(target: Target, { status, headers, text }: RawAnswer): string | null {
    const documented = this.#responsesOf(target)?.[status]
    if (documented === undefined) return `status ${status} is not in the document`
    if (documented.content === undefined) return text === '' ? null : `${status} has no body in the document`
    const [type = ''] = (headers['content-type'] ?? '').split(';')
    const schema = documented.content[type]
    if (schema === undefined) return `${type} of ${status} is not in the document`
    if (type !== 'application/json') return null
    return this.#fits(target, status, JSON.parse(text))
  }

  #judgeTrpc(target: Target, { status, text }: RawAnswer): string | null {
    const body = JSON.parse(text) as { result?: { data: { json: unknown } }; error?: { json: TrpcError } }
    if (body.error !== undefined) return judgeError(body.error.json, status, this.#responsesOf(target))
    if (body.result === undefined) return 'neither a result nor an error'
    const { endpoint, name } = target
    if (endpoint === null) return fitsDashboard(name, body.result.data.json)
    if (endpoint.meta.contentType !== 'application/json') return null
    // tRPC has one status for success; the body's own is the contract's.
    return this.#fits(target, endpoint.meta.status, body.result.data.json)
  }

  #fits(target: Target, status: number, body: unknown): string | null {
    const key = `${target.id} ${status}`
    const validate = this.#validators.get(key) ?? this.#compile(target, status)
    this.#validators.set(key, validate)
    return validate(body) ? null : `outside the document: ${this.#ajv.errorsText(validate.errors)}`
  }

  #compile({ endpoint }: Target, status: number): ValidateFunction {
    if (endpoint === null) throw new Error('no operation of the document')
    const { path, method, contentType } = endpoint.meta
    const type = status >= 400 ? 'application/json' : contentType
    const steps = [
      'paths',
      path,
      method.toLowerCase(),
      'responses',
      String(status),
      'content',
      type,
      'schema',
    ]
    const pointer = steps.map((step) => step.replaceAll('/', '~1')).join('/')
    return this.#ajv.compile({ $ref: `document#/${pointer.replaceAll('{', '%7B').replaceAll('}', '%7D')}` })
  }
}

interface TrpcError {
  message: string
  data: { appCode: string; httpStatus: number; details: unknown[] }
}

/** @param documented null where no document says which statuses there are */
function judgeError(
  { message: text, data }: TrpcError,
  status: number,
  documented: object | null,
): string | null {
  if (data.httpStatus !== status) return `status ${status} says ${data.httpStatus}`
  if (documented !== null && !(status in documented)) return `status ${status} is not in the document`
  const isComplete = text !== '' && /^[A-Z_]+$/.test(data.appCode) && Array.isArray(data.details)
  return isComplete ? null : 'an error without its parts'
}

function fitsDashboard(name: string, body: unknown): string | null {
  const schema = DASHBOARD[name]
  if (schema === undefined) return `nobody has said what ${name} answers`
  const { error } = schema.safeParse(body)
  return error === undefined ? null : `not what the dashboard expects: ${z.prettifyError(error)}`
}

/** An event stream is opened before its procedure runs: what that refuses is an event. */
function judgeStream({ name }: Target, text: string): Judgement {
  if (STACK.test(text)) return { status: 200, wrong: 'text of a stack or a statement' }
  const error = /event: serialized-error\r?\ndata: (.*)/.exec(text)
  if (error !== null) {
    const { json } = JSON.parse(error[1] ?? '') as { json: TrpcError }
    const { httpStatus } = json.data
    return {
      status: httpStatus,
      wrong: httpStatus >= 500 ? `status ${httpStatus}` : judgeError(json, httpStatus, null),
    }
  }
  const found = /\ndata: (\{"json".*\})\r?\n/.exec(text)
  if (found === null)
    return { status: 200, wrong: text.includes('event: connected') ? null : 'no event stream' }
  const { json } = JSON.parse(found[1] ?? '') as { json: unknown }
  return { status: 200, wrong: fitsDashboard(name, json) }
}
