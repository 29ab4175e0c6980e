import { AppError } from '@quantdeck/domain'
import type { FastifyRequest } from 'fastify'
import type { Server } from 'node:http'

import type { OriginPolicy } from './origins.ts'

const ALLOW = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** TRACE has routes that refuse it: there the answer names what the path does have. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([...ALLOW, 'TRACE'])

/** `GET http://localhost/v1/health` asks for `/v1/health`; whether that host is ours is checked when it is admitted. */
export function toOriginForm(target: string): string {
  if (target.startsWith('/') || !URL.canParse(target)) return target
  const { pathname, search } = new URL(target)
  return `${pathname}${search}`
}

/**
 * Method and Host before anything looks at the rest.
 * @throws AppError METHOD_NOT_ALLOWED, VALIDATION_ERROR for two Hosts, FORBIDDEN for one that is not ours
 */
export function assertWellAddressed(request: FastifyRequest, origins: OriginPolicy): void {
  if (!KNOWN_METHODS.has(request.method)) {
    throw new AppError('METHOD_NOT_ALLOWED', 'Method not allowed', { allow: ALLOW })
  }
  if (countHosts(request.raw.rawHeaders) > 1) throw new AppError('VALIDATION_ERROR', 'Malformed request')
  if (!origins.isKnownHost(request.headers.host) || !origins.isKnownHost(hostOfTarget(request))) {
    throw new AppError('FORBIDDEN', 'This Host is not served here; name it in ALLOWED_HOSTS')
  }
}

/** Node keeps the first of several, a proxy in front may have read the last. */
export function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1
  }
  return count
}

/** A target in absolute form names its host itself, else the Host header does. */
function hostOfTarget({ originalUrl, headers }: FastifyRequest): string | undefined {
  if (originalUrl.startsWith('/') || !URL.canParse(originalUrl)) return headers.host
  return new URL(originalUrl).host
}

/** CONNECT asks for a tunnel; without a word of ours Node would just hang up. */
export function refuseTunnels(server: Server): void {
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    const lines = [
      'HTTP/1.1 405 Method Not Allowed',
      `Allow: ${ALLOW.join(', ')}`,
      'Connection: close',
      'Content-Length: 0',
    ]
    socket.end(`${lines.join('\r\n')}\r\n\r\n`)
  })
}
