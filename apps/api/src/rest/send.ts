import type { FastifyReply, FastifyRequest } from 'fastify'
import { createHash } from 'node:crypto'

/** An answer as it goes over the wire. */
export interface ReadyAnswer {
  readonly status: number
  readonly body: Buffer
  /** Of lists; null for others. */
  readonly etag: string | null
}

export function readyAnswer(status: number, output: unknown): ReadyAnswer {
  const body = Buffer.from(JSON.stringify(output))
  const etag = isList(output) ? `W/"${createHash('sha1').update(body).digest('base64url')}"` : null
  return { status, body, etag }
}

/** A run's report runs no script, loads nothing, and is nobody's page. */
const REPORT_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"

export const JSON_TYPE = 'application/json'

/** Or 304, for who has it already. */
export function sendReady(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, etag }: ReadyAnswer,
): FastifyReply {
  void reply.header('cache-control', 'no-store')
  void reply.header('content-type', `${JSON_TYPE}; charset=utf-8`)
  if (etag === null) return reply.code(status).send(body)
  void reply.header('etag', etag)
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply.code(status).send(body)
}

export function sendOther(reply: FastifyReply, contentType: string, output: unknown): FastifyReply {
  void reply.header('cache-control', 'no-store')
  void reply.type(`${contentType}; charset=utf-8`)
  if (contentType === 'text/html') void reply.header('content-security-policy', REPORT_POLICY)
  return reply.send(output)
}

function isList(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'data' in output && Array.isArray(output.data)
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header
    .split(',')
    .some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === etag.slice(2))
}
