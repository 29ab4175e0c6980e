import { AppError } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'
import type { ConnectionError } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

import type { Deps } from '../deps.ts'
import { isRlPath } from './errors.ts'
import { renderRlError } from './errors-rl.ts'
import { renderV1Error } from './errors-v1.ts'

/** What Node's parser gives up on besides plain nonsense. */
const STATUSES: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }
const WORDS: Readonly<Record<number, string>> = {
  408: 'The request took too long',
  431: 'The headers are too large',
}

/** Bytes that are no HTTP reach no route: they are answered here, in the format of the path as far as one can be read. */
export function answerClientErrors({ clock }: Deps): (error: ConnectionError, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const status = STATUSES[error.code] ?? 400
    const known = new AppError('VALIDATION_ERROR', WORDS[status] ?? 'Malformed request')
    const requestId = `req-${randomUUID()}`
    const { body } = isRlPath(pathIn(error))
      ? renderRlError(known, clock.now())
      : renderV1Error(known, requestId)
    const text = JSON.stringify(body)
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      'Cache-Control: no-store',
      `X-Request-ID: ${requestId}`,
    ]
    if (socket.writable) socket.write(`${lines.join('\r\n')}\r\n\r\n${text}`)
    socket.destroy(error)
  }
}

function pathIn(error: ConnectionError): string {
  const packet = 'rawPacket' in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : Buffer.alloc(0)
  return /^[A-Z]+ (\/\S*)/.exec(packet.toString('latin1', 0, 200))?.[1] ?? '/'
}
