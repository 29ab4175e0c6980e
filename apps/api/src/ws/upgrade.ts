import { AppError } from '@quantdeck/domain'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'

import { isListed } from '../auth/address-list.ts'
import type { Deps } from '../deps.ts'
import { addressOf } from '../rest/caller.ts'
import { renderRlError } from '../rest/errors-rl.ts'
import type { OriginPolicy } from '../rest/origins.ts'
import { countHosts } from '../rest/request-line.ts'

export const MAX_CONNECTIONS = 20_000
const REASONS: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
}

/** A WebSocket path: what to check before the handshake, and what to do after it. */
export interface Channel {
  readonly path: string
  /** @throws AppError to refuse before the upgrade */
  readonly prepare: (request: IncomingMessage, url: URL) => void
  readonly connect: (socket: WebSocket, request: IncomingMessage, url: URL) => void
}

interface UpgradeParts {
  deps: Deps
  origins: OriginPolicy
  channels: readonly Channel[]
}

/** A client's own protocol is answered with the one we know; a token offered beside it is never echoed. */
function chooseProtocol(offered: Set<string>): string | false {
  return offered.has('bearer') ? 'bearer' : false
}

/**
 * The only door to a WebSocket: method, URL, Host, Origin and path are checked before any library sees the request.
 * @returns how to close all sockets with a code
 */
export function handleUpgrades(server: Server, parts: UpgradeParts): (code: number) => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 16 * 1024,
    maxFragments: 16,
    perMessageDeflate: false,
    clientTracking: true,
    handleProtocols: chooseProtocol,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    try {
      if (sockets.clients.size >= MAX_CONNECTIONS)
        throw new AppError('SERVICE_UNAVAILABLE', 'Too many connections')
      const { channel, url } = admitUpgrade(request, parts)
      channel.prepare(request, url)
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => client.terminate())
        channel.connect(client, request, url)
      })
    } catch (error) {
      refuse(parts.deps, socket, error)
    }
  })
  return (code) => {
    for (const client of sockets.clients) client.close(code)
    setTimeout(() => {
      for (const client of sockets.clients) client.terminate()
    }, 500).unref()
  }
}

function admitUpgrade(request: IncomingMessage, { deps, origins, channels }: UpgradeParts) {
  const { method, headers } = request
  const target = request.url ?? ''
  const bad = (message: string) => new AppError('VALIDATION_ERROR', message)
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') throw bad('Not a WebSocket request')
  if (target.length > 2_048 || !target.startsWith('/') || target.startsWith('//')) throw bad('Malformed URL')
  if (countHosts(request.rawHeaders) > 1) throw bad('Malformed request')
  if (!origins.isKnownHost(headers.host)) throw new AppError('FORBIDDEN', 'This Host is not served here')
  const { ipAllowList, trustProxy } = deps.env
  if (ipAllowList !== null && !isListed(addressOf(request, trustProxy), ipAllowList)) {
    throw new AppError('FORBIDDEN', 'This address is not allowed')
  }
  if (!origins.isAllowed(headers.origin ?? null, headers.host ?? null)) {
    throw new AppError('FORBIDDEN', 'This Origin is not allowed')
  }
  if (!URL.canParse(target, 'http://localhost')) throw bad('Malformed URL')
  const url = new URL(target, 'http://localhost')
  const channel = channels.find(({ path }) => path === url.pathname)
  if (channel === undefined) throw new AppError('NOT_FOUND', 'Not found')
  return { channel, url }
}

function refuse({ clock, log }: Deps, socket: Duplex, error: unknown): void {
  if (!(error instanceof AppError)) log.error({ err: error }, 'upgrade failed')
  const known = error instanceof AppError ? error : new AppError('VALIDATION_ERROR', 'Malformed request')
  const { status, body } = renderRlError(known, clock.now())
  const text = JSON.stringify(body)
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`)
}
