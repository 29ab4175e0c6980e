import { unpackDatabase } from '@quantdeck/db/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { open, sendBytes, type RawAnswer } from './harness/raw-http.ts'
import { ServerProcess } from './harness/server-process.ts'

/** Connections of each slow kind; `pnpm test:soak hostile` holds a thousand of each until the server ends them. */
const SLOW = Number(process.env['HOSTILE_SLOW'] ?? '40')
const waitsForTheEnd = process.env['HOSTILE_SLOW'] !== undefined
/** Headers have 10 s and a request 15 s, looked for every 2 s by a server that may be busy. */
const LATE_MS = 40_000
/** A silent connection is ended after 30 s or, with something still to be written, after twice that; an idle one after 65 s. */
const UNREAD_MS = 70_000

const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-hostile-'))
let server: ServerProcess
let token: string
let port: number

beforeAll(async () => {
  await unpackDatabase(join(dataDir, 'main'))
  server = new ServerProcess(dataDir, { DEMO: 'off', RATE_LIMITS: 'off' })
  await server.ready(110_000)
  port = Number(new URL(server.url).port)
  token = await server.login(dataDir)
}, 120_000)

afterAll(async () => {
  await server.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

// Whatever it was sent: it is the same process, it answers, and it knows of no defect.
afterEach(async () => {
  expect((await server.call('GET', '/v1/positions', token)).status).toBe(200)
  expect(server.hasExited).toBe(false)
  expect(() => process.kill(server.pid, 0)).not.toThrow()
  expect(server.out.split('\n').filter((line) => /"level":[56]0/.test(line))).toEqual([])
  expect(server.err).toBe('')
})

const HOST = 'Host: localhost\r\n'
const JSON_TYPE = 'Content-Type: application/json\r\n'
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
const VERSION = 'Sec-WebSocket-Version: 13\r\n'
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
const STREAM = 'GET /ws/trading-signals HTTP/1.1\r\n'
const LOGIN = `POST /v1/auth/login HTTP/1.1\r\n${HOST}`

/** A request line with our Host, and nothing else. */
const line = (requestLine: string, headers = '') => `${requestLine} HTTP/1.1\r\n${HOST}${headers}\r\n`

type Case = [name: string, bytes: string, status: number]

describe('bytes that are no request', () => {
  it.each<Case>([
    ['garbage', '\u0016\u0003\u0001\u0000garbage\r\n\r\n', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['an unknown version', `GET /healthz HTTP/9.9\r\n${HOST}\r\n`, 400],
    ['lines that end in LF only', 'GET /healthz HTTP/1.1\nHost: localhost\n\n', 400],
    ['an absolute URL without a host', line('GET http://'), 400],
    ['an absolute URL of another host', line('GET http://evil.example/healthz'), 403],
    ['a URL with a space', line('GET /a b'), 400],
    ['a URL that is not ASCII', line('GET /\u00e9'), 400],
    ['a URL of backslashes', line('GET \\\\evil'), 400],
    ['an empty path segment', line('GET //'), 404],
    ['a URL of 40,000 characters', line(`GET /${'a'.repeat(40_000)}`), 431],
    ['a path of broken percent signs', line('GET /v1/positions/%%'), 400],
    ['a broken Host', 'GET /v1/health HTTP/1.1\r\nHost: [\r\n\r\n', 403],
    ['an empty Host', 'GET /v1/health HTTP/1.1\r\nHost:\r\n\r\n', 403],
    ['no Host', 'GET /v1/health HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', line('GET /healthz', 'Host: evil.example\r\n'), 400],
    ['TRACE', line('TRACE /v1/health'), 405],
    ['CONNECT', 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n', 405],
    ['a method of nobody', line('BREW /v1/health'), 400],
    ['a method of WebDAV', line('MKCOL /v1/health'), 405],
    ['a GET with another name', line('QUERY /v1/health', 'Content-Length: 0\r\n'), 405],
    ['3,000 headers', line('GET /healthz', 'X-A: b\r\n'.repeat(3_000)), 431],
    ['a header of 40,000 bytes', line('GET /healthz', `X-A: ${'b'.repeat(40_000)}\r\n`), 431],
    ['a header name with a space', line('GET /healthz', 'X A: b\r\n'), 400],
    ['a header without a colon', line('GET /healthz', 'XA\r\n'), 400],
    ['a header with a zero byte', line('GET /healthz', 'XA: \0\r\n'), 400],
    ['a folded header', line('GET /healthz', 'XA: a\r\n b\r\n'), 400],
    ['an expectation that nobody meets', `${LOGIN}Expect: a miracle\r\nContent-Length: 2\r\n\r\n{}`, 417],
  ])('%s', async (_name, bytes, status) => {
    expect((await sendBytes(port, bytes)).status).toBe(status)
  })
})

describe('what Node itself refuses', () => {
  it.each([
    ['/v1/orders/\u00ff', { error: { code: 'VALIDATION_ERROR', message: 'Malformed request', details: [] } }],
    ['/api/positions?\u00ff', { error: 'VALIDATION_ERROR', message: 'Malformed request' }],
  ])('is answered in the format of %s', async (path, expected) => {
    const { status, headers, body } = await sendBytes(port, line(`GET ${path}`))
    expect(status).toBe(400)
    expect(JSON.parse(body)).toMatchObject(expected)
    expect(headers.get('x-request-id')).toMatch(/^req-/)
  })
})

describe('bodies with a framing that could be read in two ways', () => {
  it.each<Case>([
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['chunks and a length', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n', 400],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd', 400],
    ['a negative length', 'Content-Length: -4\r\n\r\nabcd', 400],
    ['a length in words', 'Content-Length: four\r\n\r\nabcd', 400],
    ['a length of a hundred gigabytes', 'Content-Length: 99999999999\r\n\r\nabcd', 413],
    ['a broken chunk', 'Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n', 400],
    [
      'an endless chunk extension',
      `Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`,
      400,
    ],
    ['chunks that are not last', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n', 400],
    ['another encoding', 'Transfer-Encoding: gzip\r\n\r\n', 400],
  ])('%s', async (_name, rest, status) => {
    expect((await sendBytes(port, `${LOGIN}${JSON_TYPE}${rest}`)).status).toBe(status)
  })
})

describe('upgrades that are malformed', () => {
  it.each<Case>([
    ['without a key', `${STREAM}${HOST}${UPGRADE}${VERSION}\r\n`, 400],
    ['with a short key', `${STREAM}${HOST}${UPGRADE}${VERSION}Sec-WebSocket-Key: abc\r\n\r\n`, 400],
    ['of another version', `${STREAM}${HOST}${UPGRADE}${KEY}Sec-WebSocket-Version: 99\r\n\r\n`, 400],
    ['with two Hosts', `${STREAM}${HOST}Host: evil.example\r\n${UPGRADE}${VERSION}${KEY}\r\n`, 400],
    ['of another Host', `${STREAM}Host: evil.example\r\n${UPGRADE}${VERSION}${KEY}\r\n`, 403],
    [
      'from another Origin',
      `${STREAM}${HOST}Origin: https://evil.example\r\n${UPGRADE}${VERSION}${KEY}\r\n`,
      403,
    ],
    ['from an Origin that is none', `${STREAM}${HOST}Origin: [\r\n${UPGRADE}${VERSION}${KEY}\r\n`, 403],
    ['by POST', line('POST /ws/trading-signals', UPGRADE + VERSION + KEY), 400],
    ['of nothing', line('GET //', UPGRADE + VERSION + KEY), 400],
    ['of a broken URL', line('GET http://[', UPGRADE + VERSION + KEY), 400],
    ['of broken percent signs', line('GET /ws/%%', UPGRADE + VERSION + KEY), 404],
    ['of a prototype', line('GET /__proto__', UPGRADE + VERSION + KEY), 404],
    [
      'with a broken offer of protocols',
      `${STREAM}${HOST}${UPGRADE}${VERSION}${KEY}Sec-WebSocket-Protocol: ,,\r\n\r\n`,
      400,
    ],
    ['to tRPC elsewhere', line('GET /trpc/v1', UPGRADE + VERSION + KEY), 404],
    ['to another protocol', line('GET /', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'), 400],
  ])('%s', async (_name, bytes, status) => {
    expect((await sendBytes(port, bytes)).status).toBe(status)
  })
})

describe('JSON that reaches for what lies behind it', () => {
  const post = (path: string, body: string): Promise<RawAnswer> => {
    const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`
    const head = `POST ${path} HTTP/1.1\r\n${HOST}Authorization: Bearer ${token}\r\n${JSON_TYPE}${length}\r\n`
    return sendBytes(port, head + body)
  }
  const get = (path: string) => sendBytes(port, line(`GET ${path}`, `Authorization: Bearer ${token}\r\n`))
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  it.each<Case>([
    ['40,000 levels that never close', '/v1/auth/login', 400],
    ['40,000 levels that never close, in signals', '/api/signals', 400],
  ])('%s', async (_name, path, status) => {
    expect((await post(path, `{"email":${'['.repeat(40_000)}`)).status).toBe(status)
  })

  it.each<Case>([
    ['/api/signals', `{"signals":${nested(40_000)}}`, 400],
    ['/v1/strategies', `{"config":${nested(40_000)}}`, 413],
    ['/v1/strategies', `{"config":${nested(20_000)}}`, 400],
    ['/v1/strategies', `{"config":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`, 400],
    ['/trpc/v1.controls.killSwitch', `{"json":${nested(20_000)}}`, 400],
    ['/trpc/deck.signals.post', `{"json":{"signals":${nested(20_000)}}}`, 400],
  ])('closed levels to %s', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status)
  })

  it.each<Case>([
    ['/v1/auth/login', '{"__proto__":{"role":"admin"}}', 400],
    ['/v1/auth/login', '{"constructor":{"prototype":{"role":"admin"}}}', 400],
    ['/v1/strategies', '{"config":{"__proto__":{"a":1}}}', 400],
    ['/v1/strategies', '{"config":{"a":{"constructor":{"prototype":{"b":1}}}}}', 400],
    ['/api/signals', '{"signals":[{"__proto__":{"size":1}}]}', 400],
    ['/trpc/deck.signals.post', '{"json":{"__proto__":{"size":1}}}', 400],
    ['/trpc/deck.signals.post', '{"json":{},"meta":{"values":{"__proto__.size":["Date"]}}}', 400],
    ['/trpc/deck.signals.post', '{"json":{},"meta":{"values":{"constructor.prototype":["set"]}}}', 400],
    ['/trpc/deck.signals.post', '{"__proto__":{"json":{}}}', 400],
  ])('a prototype in the body of %s: %s', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status)
  })

  it.each<[path: string, status: number]>([
    ['/v1/orders?__proto__=1&constructor=2&prototype[a]=3', 200],
    ['/v1/orders?mode=__proto__', 400],
    ['/v1/positions?strategy_id=constructor', 200],
    ['/v1/positions/__proto__', 404],
    ['/v1/strategies/constructor', 404],
    ['/v1/health/services/__proto__', 404],
    ['/v1/health/services/toString', 404],
    ['/__proto__', 404],
    ['/trpc/__proto__', 404],
    ['/trpc/constructor.prototype', 404],
    ['/trpc/v1.__proto__.list', 404],
    ['/trpc/toString,hasOwnProperty?batch=1', 404],
    [`/trpc/v1.positions.list?input=${encodeURIComponent('{"json":{"__proto__":{"page":1}}}')}`, 400],
    [`/trpc/v1.positions.list?input=${encodeURIComponent(`{"json":${nested(2_000)}}`)}`, 400],
    ['/trpc/v1.positions.list?batch=1&input=%7B%22__proto__%22%3A1%7D', 200],
  ])('a prototype in %s', async (path, status) => {
    const { status: seen, body } = await get(path)
    expect([seen, seen === 200 ? '' : body]).toEqual([
      status,
      expect.not.stringMatching(/at .*\.[jt]s:|node_modules/),
    ])
  })

  it('changed no object of the process: a list is what it was', async () => {
    const { body } = await server.call('GET', '/v1/orders', token)
    expect(body).toEqual({ data: [], meta: { total_count: 0, page: 1, per_page: 20 } })
  })
})

/** A WebSocket as a client would open it, past the handshake. */
async function openStream(): Promise<{ socket: WebSocket; raw: Socket }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/trading-signals`)
  socket.on('error', () => {})
  const raw = await new Promise<Socket>((resolve) => {
    socket.once('upgrade', (response) => resolve(response.socket))
  })
  if (socket.readyState !== WebSocket.OPEN) await new Promise((resolve) => socket.once('open', resolve))
  return { socket, raw }
}

/** A masked frame, with a mask of zeros. */
function frame(firstByte: number, payload = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([firstByte, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}

describe('frames on an open stream', () => {
  it.each<[name: string, bytes: () => Buffer, code: number]>([
    [
      '131,072 fragments',
      () => Buffer.concat([frame(0x01), ...Array.from({ length: 131_072 }, () => frame(0x00))]),
      1008,
    ],
    ['a length of 2^63', () => Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
    ['a frame without a mask', () => Buffer.from([0x81, 0x01, 0x61]), 1002],
    ['reserved bits', () => frame(0xf1), 1002],
    ['an unknown opcode', () => frame(0x83), 1002],
    ['a continuation of nothing', () => frame(0x80), 1002],
    ['a fragmented ping', () => frame(0x09), 1002],
    ['text that is not UTF-8', () => frame(0x81, Buffer.from([0xff, 0xfe])), 1007],
  ])('%s close it and no other', async (_name, bytes, code) => {
    const [attacker, bystander] = [await openStream(), await openStream()]
    const closed = new Promise<number>((resolve) => attacker.socket.once('close', resolve))
    attacker.raw.write(bytes())
    expect(await closed).toBe(code)
    const pong = new Promise((resolve) => {
      bystander.socket.on('message', (data) => {
        if (String(data) === 'pong') resolve('pong')
      })
    })
    bystander.socket.send('ping')
    expect(await pong).toBe('pong')
    bystander.socket.terminate()
  })

  it.each(['/ws/trading-signals', '/trpc'])('a megabyte in one frame closes %s', async (path) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`)
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send('x'.repeat(1_000_000))
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1009)
  })

  it('nonsense in the words of tRPC is answered or ignored', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/trpc`)
    await new Promise((resolve) => socket.once('open', resolve))
    const messages = [
      '',
      'null',
      '[]',
      '{"__proto__":{"id":1}}',
      '{"id":{},"method":"query"}',
      '[[[[]]]]',
      '['.repeat(5_000),
      '{"id":1,"method":"subscription.stop"}',
      '{"id":"__proto__","method":"query","params":{"path":"constructor"}}',
    ]
    for (const message of messages) socket.send(message)
    socket.send('{"id":99,"method":"query","params":{"path":"no.such"}}')
    const end = new Promise<string>((resolve) => {
      socket.on('message', (data) => {
        if (String(data).includes('"id":99')) resolve('answered')
      })
      socket.on('close', (code) => resolve(`closed with ${code}`))
    })
    expect(await end).toMatch(/^answered$|^closed with (?:1003|1007|1008)$/)
    socket.terminate()
  })
})

interface SlowConnection {
  socket: Socket
  isEnded: boolean
  text: string
  bytesRead: number
}

/** Writes the first part, and then a byte each second as long as there is somebody to write to; or does not read. */
async function openSlowly(first: string, drip: string | null): Promise<SlowConnection> {
  const socket = await open(port)
  const slow: SlowConnection = { socket, isEnded: false, text: '', bytesRead: 0 }
  const timer = drip === null ? undefined : setInterval(() => socket.write(drip), 1_000)
  socket.on('data', (chunk) => {
    if (slow.text === '') slow.text = chunk.toString('latin1')
    slow.bytesRead += chunk.length
  })
  socket.on('close', () => {
    slow.isEnded = true
    clearInterval(timer)
  })
  if (drip === null) socket.pause()
  socket.write(first)
  return slow
}

async function openMany(count: number, first: string, drip: string | null): Promise<SlowConnection[]> {
  const all: SlowConnection[] = []
  for (let i = 0; i < count; i += 1) all.push(await openSlowly(first, drip))
  return all
}

const isGone = ({ isEnded }: SlowConnection) => isEnded

describe(`${SLOW} connections each with slow headers, a slow body and an answer that is not read`, () => {
  it('keep nobody else waiting, and are ended', { timeout: 240_000 }, async () => {
    const script = line('GET /redoc/redoc.standalone.js')
    const headers = await openMany(SLOW, `GET /v1/positions HTTP/1.1\r\n${HOST}X-Slow: `, 'a')
    const bodies = await openMany(SLOW, `${LOGIN}${JSON_TYPE}Content-Length: 60000\r\n\r\n{`, ' ')
    // One answer fits into the kernel's buffers, sixty do not: those keep the server from writing on.
    const readers = await openMany(SLOW, script, null)
    const blocked = await openMany(Math.ceil(SLOW / 50), script.repeat(60), null)
    const all = [...headers, ...bodies, ...readers, ...blocked]
    try {
      for (let i = 0; i < 20; i += 1) {
        expect((await server.call('GET', '/healthz')).status).toBe(200)
        expect((await server.call('GET', '/v1/positions', token)).status).toBe(200)
      }
      if (!waitsForTheEnd) return expect(all.filter(isGone)).toEqual([])
      await serveUntil(() => [...headers, ...bodies].every(isGone), LATE_MS)
      expect(new Set([...headers, ...bodies].map(({ text }) => text.slice(0, 12)))).toEqual(
        new Set(['HTTP/1.1 408']),
      )
      // Those that do not read do not hear of their end either: they are asked afterwards.
      await serveUntil(() => false, UNREAD_MS)
      for (const { socket } of [...readers, ...blocked]) socket.resume()
      await serveUntil(() => [...readers, ...blocked].every(isGone), LATE_MS)
      const whole = Math.max(...readers.map(({ bytesRead }) => bytesRead))
      expect(Math.max(...blocked.map(({ bytesRead }) => bytesRead))).toBeLessThan(60 * whole)
    } finally {
      for (const { socket } of all) socket.destroy()
    }
  })
})

/** Everybody else is served meanwhile. */
async function serveUntil(isDone: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!isDone() && performance.now() < deadline) {
    expect((await server.call('GET', '/v1/positions', token)).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  if (withinMs === LATE_MS) expect(isDone()).toBe(true)
}
