import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startTestApi, type TestApi } from './harness.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(() => api.close())

/** Sends bytes as they are. @returns the status of the first answer, 0 if the connection just ended */
function send(bytes: string | Buffer, waitMs = 3_000): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    let text = ''
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0))
    }
    const timer = setTimeout(done, waitMs)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (text.includes('\r\n\r\n')) done()
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(bytes)
  })
}

const host = 'Host: localhost\r\n'
const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

describe('hostile bytes', () => {
  it.each([
    ['an empty path segment', `GET // HTTP/1.1\r\n${host}\r\n`, [400, 404]],
    ['an absolute URL without a host', `GET http:// HTTP/1.1\r\n${host}\r\n`, [400, 404]],
    ['a broken Host', 'GET /v1/health HTTP/1.1\r\nHost: [\r\n\r\n', [400, 403]],
    ['an empty Host', 'GET /v1/health HTTP/1.1\r\nHost:\r\n\r\n', [400, 403]],
    ['no Host', 'GET /v1/health HTTP/1.1\r\n\r\n', [400]],
    ['TRACE', `TRACE /v1/health HTTP/1.1\r\n${host}\r\n`, [405]],
    ['CONNECT', `CONNECT localhost:80 HTTP/1.1\r\n${host}\r\n`, [0, 400, 404, 405]],
    ['an unknown method', `BREW /v1/health HTTP/1.1\r\n${host}\r\n`, [400, 404, 405]],
    [
      'two framings',
      `POST /v1/auth/login HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    ['3,000 headers', `GET / HTTP/1.1\r\n${host}${'X-A: b\r\n'.repeat(3_000)}\r\n`, [200, 400, 431, 503]],
    ['a huge header', `GET / HTTP/1.1\r\n${host}X-A: ${'b'.repeat(40_000)}\r\n\r\n`, [431]],
    ['no HTTP at all', '\u0016\u0003\u0001\u0000garbage\r\n\r\n', [400]],
    ['an upgrade without a key', `GET /ws/trading-signals HTTP/1.1\r\n${host}${upgrade}\r\n`, [400]],
    ['an upgrade by POST', `POST /ws/trading-signals HTTP/1.1\r\n${host}${upgrade}${key}\r\n`, [400]],
    ['an upgrade of nothing', `GET // HTTP/1.1\r\n${host}${upgrade}${key}\r\n`, [400]],
    ['an upgrade of a broken URL', `GET http://[ HTTP/1.1\r\n${host}${upgrade}${key}\r\n`, [400]],
    ['an upgrade to tRPC elsewhere', `GET /trpc/v1 HTTP/1.1\r\n${host}${upgrade}${key}\r\n`, [404]],
    [
      'an upgrade to another protocol',
      `GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
      [400],
    ],
    [
      'keys that reach the prototype in the query',
      `GET /v1/orders?__proto__=1&constructor=2 HTTP/1.1\r\n${host}\r\n`,
      [401],
    ],
    ['a prototype in the path', `GET /v1/positions/__proto__ HTTP/1.1\r\n${host}\r\n`, [401]],
    ['a path of broken percent signs', `GET /v1/positions/%% HTTP/1.1\r\n${host}\r\n`, [400]],
  ])('%s: a 4xx at most, and the next request is served', async (_name, bytes, allowed) => {
    expect(allowed).toContain(await send(bytes))
    expect((await api.call('GET', '/healthz')).status).toBe(200)
  })

  it('refuses WebSocket frames above 16 KiB without harm to others', async () => {
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}/ws/trading-signals`)
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('x'.repeat(1_000_000))
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1009)
    expect((await api.call('GET', '/healthz')).status).toBe(200)
  })

  it('logged no defect for any of it', () => {
    const errors = api.logLines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)
    expect(errors.filter((line) => !line.includes('"path":"/"'))).toEqual([])
  })
})
