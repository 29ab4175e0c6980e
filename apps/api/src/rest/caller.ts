import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

import type { Caller } from '../auth/caller.ts'
import type { OriginPolicy } from './origins.ts'

export const REFRESH_COOKIE = 'qd_refresh'
export const DEVICE_COOKIE = 'qd_device'

const FORWARDED_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function bearerOf(header: string | undefined): string | null {
  const match = header === undefined ? null : /^Bearer +([^\s]+)$/i.exec(header)
  return match?.[1] ?? null
}

/** A value of a Cookie header; only ever our own cookie is read. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined && value !== '') return value
  }
  return null
}

export function readCaller(
  headers: IncomingHttpHeaders,
  about: { requestId: string; ip: string | null; origins: OriginPolicy },
): Caller {
  return {
    requestId: about.requestId,
    ip: about.ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null,
    userAgent: single(headers['user-agent'])?.slice(0, 300) ?? null,
    baseUrl: about.origins.baseUrl(headers),
    bearer: bearerOf(headers.authorization),
    apiKey: single(headers['x-api-key']),
    refreshCookie: cookieOf(headers.cookie, REFRESH_COOKIE),
    deviceCookie: cookieOf(headers.cookie, DEVICE_COOKIE),
    customHeader: headers['x-quantdeck'] === '1',
    forwarded: FORWARDED_HEADERS.some((name) => headers[name] !== undefined),
    originAllowed: about.origins.isAllowed(single(headers.origin), single(headers.host)),
  }
}

/** The address of a request that Fastify does not see (an upgrade): behind our proxy, what that proxy saw. */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string | null {
  const forwarded = request.headers['x-forwarded-for']
  const nearest = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined
  if (trustProxy && nearest !== undefined && nearest !== '') return nearest
  return request.socket.remoteAddress ?? null
}

export function callerOfRequest(request: FastifyRequest, origins: OriginPolicy): Caller {
  return readCaller(request.headers, { requestId: request.id, ip: request.ip, origins })
}
