import { AppError } from '@quantdeck/domain'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Deps } from '../deps.ts'
import { findAppError } from '../trpc/errors.ts'
import { INTERNAL_MESSAGE } from '../trpc/init.ts'
import { renderRlError } from './errors-rl.ts'
import { renderV1Error } from './errors-v1.ts'

/** The rl document's prefixes answer in its format; everything else in v1's. */
export function isRlPath(path: string): boolean {
  return /^\/(?:api|ws)(?:[/?]|$)/.test(path)
}

const BY_STATUS: Record<number, ConstructorParameters<typeof AppError>> = {
  400: ['VALIDATION_ERROR', 'Malformed request'],
  404: ['NOT_FOUND', 'Not found'],
  405: ['METHOD_NOT_ALLOWED', 'Method not allowed'],
  413: ['PAYLOAD_TOO_LARGE', 'The body is too large'],
  414: ['VALIDATION_ERROR', 'The URL is too long'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json'],
  431: ['VALIDATION_ERROR', 'The headers are too large'],
  503: ['SERVICE_UNAVAILABLE', 'The server is shutting down', { retryAfterSeconds: 2 }],
}

/** What Fastify refuses before a handler runs. */
function fromFastify(error: unknown): AppError | null {
  if (!(error instanceof Error) || !('statusCode' in error) || findAppError(error) !== null) return null
  const known = BY_STATUS[Number(error.statusCode)]
  return known === undefined ? null : new AppError(...known)
}

/** Statement timeouts and a database that is gone are "try again", not a defect of the request. */
const DATABASE_GONE = /^(?:57P0[123]|53[0-9]{3}|08\w{3}|57014|55P03|ECONNREFUSED|ECONNRESET|ETIMEDOUT)$/

function fromDatabase(error: unknown): AppError | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const isTimeout =
    error instanceof Error && /timeout exceeded when trying to connect|Query read timeout/.test(error.message)
  if (!DATABASE_GONE.test(code) && !isTimeout) return null
  return new AppError('SERVICE_UNAVAILABLE', 'The database does not answer', { retryAfterSeconds: 2 })
}

/** An expected failure as it is, a defect as constant text; the log has the rest under the request id. */
export function toAnswerable(error: unknown, log: Deps['log'], requestId: string): AppError {
  const known = findAppError(error)
  if (known !== null) return known
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const gone = fromDatabase(cause)
  if (gone !== null) {
    log.error({ err: cause, requestId }, 'the database does not answer')
    return gone
  }
  log.error({ err: error, requestId }, 'request failed')
  return new AppError('INTERNAL_ERROR', INTERNAL_MESSAGE)
}

export function sendError(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
): FastifyReply {
  const error = fromFastify(thrown) ?? toAnswerable(thrown, deps.log, request.id)
  const { status, body } = isRlPath(request.url)
    ? renderRlError(error, deps.clock.now())
    : renderV1Error(error, request.id)
  if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(error.retryAfterSeconds))
  if (error.allow !== undefined) void reply.header('allow', error.allow.join(', '))
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  return (
    reply
      .code(status)
      // What the router refuses has passed no hook that would have set it.
      .header('x-request-id', request.id)
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(body))
  )
}
