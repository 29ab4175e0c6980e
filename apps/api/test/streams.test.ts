import { appendOutbox, insertInstrument, insertStrategy } from '@quantdeck/db'
import { sampleInstrument } from '@quantdeck/db/testing'
import { Decimal, ensureDefined, VirtualClock, type Strategy } from '@quantdeck/domain'
import { createTRPCClient, createWSClient, httpBatchLink, TRPCClientError, wsLink } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'

import type { AppRouter } from '../src/trpc/router.ts'
import { superjson } from '../src/trpc/transformer.ts'
import { startTestApi, type TestApi } from './harness.ts'

let api: TestApi
const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))

interface Message {
  type: string
  timestamp: string
  data: Record<string, unknown>
  sequence: number
  gap?: boolean
}

function strategy(strategyId: string, isPublic: boolean, ownerId: string | null = null): Strategy {
  const at = clock.now()
  return {
    strategyId,
    name: strategyId,
    description: '',
    status: 'active',
    mode: 'PAPER',
    ownerId,
    isPublic,
    universe: ['USD/COP'],
    maxPositions: 1,
    allocatedCapital: new Decimal(1000),
    config: {},
    version: 1,
    createdAt: at,
    updatedAt: at,
    updatedBy: null,
  }
}

const instrument = sampleInstrument({
  symbol: 'USD/COP',
  contractType: 'FX',
  currency: 'COP',
  quantityDecimals: 2,
  calendar: 'USDCOP',
  barIntervalSeconds: 300,
})

beforeAll(async () => {
  api = await startTestApi({ clock })
  const { kysely } = api.deps.db
  await insertInstrument(kysely, instrument)
  await insertStrategy(kysely, strategy('ppo_v1', true))
  await insertStrategy(kysely, strategy('secret_v1', false))
  await insertStrategy(kysely, strategy('own_v1', false, api.users.trader.userId))
  await vi.waitFor(() => expect(api.deps.hub.marketStatus()).not.toBeNull(), { timeout: 5_000 })
  await api.house.sealer.flush()
})

afterAll(() => api.close())

/** Writes signals as the pipeline does and seals them. @returns the last sequence */
async function signal(...strategyIds: string[]): Promise<number> {
  const messages = strategyIds.map((key) => ({
    topic: 'signals',
    key,
    payload: {
      strategy_code: key,
      signal: 'LONG',
      confidence: 0.75,
      price: 4350.25,
      reasoning: 'r',
      symbol: 'USD/COP',
    },
    createdAt: clock.now(),
    push: true,
  }))
  await appendOutbox(api.deps.db.kysely, messages)
  await api.house.sealer.flush()
  return api.deps.hub.lastSequence
}

interface ClientOptions {
  base?: string
  protocols?: string[]
  headers?: Record<string, string>
}

class Client {
  readonly socket: WebSocket
  readonly messages: Message[] = []
  readonly texts: string[] = []
  readonly closed: Promise<number>

  constructor(query = '', options: ClientOptions = {}) {
    const url = `${(options.base ?? api.url).replace('http', 'ws')}/ws/trading-signals${query}`
    this.socket = new WebSocket(url, options.protocols ?? [], { headers: options.headers ?? {} })
    this.socket.on('message', (data) => {
      const text = String(data)
      this.texts.push(text)
      if (text.startsWith('{')) this.messages.push(JSON.parse(text) as Message)
    })
    this.socket.on('error', () => {})
    this.closed = new Promise((resolve) => this.socket.on('close', resolve))
  }

  async waitFor(count: number): Promise<Message[]> {
    await expect.poll(() => this.messages.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(count)
    return this.messages
  }

  get codes(): unknown[] {
    return this.messages.filter(({ type }) => type === 'signal').map(({ data }) => data['strategy_code'])
  }
}

/** The HTTP status with which an upgrade was refused. */
function refusal(path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${api.url.replace('http', 'ws')}${path}`, { headers })
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    socket.on('open', () => resolve(101))
    socket.on('error', () => {})
  })
}

describe('/ws/trading-signals', () => {
  it('greets with the market status and then streams public signals to strangers', async () => {
    const client = new Client()
    const [greeting] = await client.waitFor(1)
    expect(greeting).toMatchObject({
      type: 'market_status',
      data: { status: 'open', next_close: '2026-01-07T13:00:00-05:00' },
    })
    const sequence = await signal('secret_v1', 'ppo_v1')
    const message = (await client.waitFor(2))[1]
    expect(message).toEqual({
      type: 'signal',
      timestamp: '2026-01-07T16:30:00Z',
      data: {
        strategy_code: 'ppo_v1',
        signal: 'LONG',
        confidence: 0.75,
        price: 4350.25,
        reasoning: 'r',
        symbol: 'USD/COP',
      },
      sequence,
    })
    expect(client.codes).toEqual(['ppo_v1'])
    client.socket.close()
  })

  it('answers ping with pong', async () => {
    const client = new Client()
    await client.waitFor(1)
    client.socket.send('ping')
    await expect.poll(() => client.texts).toContain('pong')
    client.socket.close()
  })

  it('shows an owner his own and an admin all, by header or protocol', async () => {
    const bearer = { authorization: `Bearer ${await api.login('trader')}` }
    const owner = new Client('', { headers: bearer })
    const admin = new Client('', { protocols: ['bearer', await api.login('admin')] })
    await Promise.all([owner.waitFor(1), admin.waitFor(1)])
    await signal('ppo_v1', 'secret_v1', 'own_v1')
    await Promise.all([owner.waitFor(2), admin.waitFor(4)])
    expect(owner.codes).toEqual(['own_v1'])
    expect(admin.codes).toEqual(['ppo_v1', 'secret_v1', 'own_v1'])
    expect(admin.socket.protocol).toBe('bearer')
    owner.socket.close()
    admin.socket.close()
  })

  it('replays after a sequence, each message once and in order, and then goes on live', async () => {
    const start = await signal('ppo_v1')
    for (let i = 0; i < 20; i++) await signal('ppo_v1')
    const client = new Client(`?since=${start}`)
    for (let i = 0; i < 20; i++) await signal('ppo_v1')
    await client.waitFor(41)
    const sequences = client.messages.filter(({ type }) => type === 'signal').map(({ sequence }) => sequence)
    expect(sequences).toEqual(Array.from({ length: 40 }, (_value, index) => start + 1 + index))
    client.socket.close()
  })

  it('holds back nothing live for a sequence from the future', async () => {
    const client = new Client('?since=999999999')
    await client.waitFor(1)
    await signal('ppo_v1')
    await client.waitFor(2)
    client.socket.close()
  })

  it('adds the latest signals with snapshot=1 only', async () => {
    await signal('ppo_v1')
    const client = new Client('?snapshot=1')
    await client.waitFor(2)
    expect(client.codes).toEqual(['ppo_v1'])
    client.socket.close()
  })

  it('closes with 4401 for a bad token and when the session ends', async () => {
    const bad = new Client('', { headers: { authorization: 'Bearer nonsense' } })
    expect(await bad.closed).toBe(4401)
    const token = await api.login('viewer')
    const client = new Client('', { headers: { authorization: `Bearer ${token}` } })
    await client.waitFor(1)
    await api.call('POST', '/v1/auth/logout', { token })
    expect(await client.closed).toBe(4401)
  })

  it.each([
    ['an unknown path', '/ws/nothing', {}, 404],
    ['a malformed sequence', '/ws/trading-signals?since=-1', {}, 400],
    ['a repeated parameter', '/ws/trading-signals?since=1&since=2', {}, 400],
    ['a foreign page', '/ws/trading-signals', { origin: 'https://evil.example' }, 403],
    ['another host', '/ws/trading-signals', { host: 'evil.example' }, 403],
  ])('refuses %s before the upgrade', async (_name, path, headers, status) => {
    expect(await refusal(path, headers)).toBe(status)
  })
})

describe('tRPC', () => {
  const overHttp = (token?: string) =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: `${api.url}/trpc`,
          transformer: superjson,
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        }),
      ],
    })

  it('answers contract procedures in batches', async () => {
    const client = overHttp(await api.login('admin'))
    const [orders, me] = await Promise.all([client.v1.orders.list.query({}), client.deck.session.me.query()])
    expect(orders.meta).toEqual({ total_count: 0, page: 1, per_page: 20 })
    expect(me.data.email).toBe('admin@example.com')
  })

  it('takes a batch whose names are longer than any id', async () => {
    const client = overHttp(await api.login('admin'))
    const lists = Array.from({ length: 20 }, () => client.v1.orders.list.query({}))
    const totals = (await Promise.all(lists)).map(({ meta }) => meta.total_count)
    expect(totals).toEqual(totals.map(() => 0))
  })

  it.each([
    '{"json":{"__proto__":{"since":0}}}',
    '{"json":{"a":{"constructor":{}}}}',
    '{"json":{"since":[]}}',
  ])('opens no stream for %s', async (envelope) => {
    const token = await api.login('admin')
    const path = `/trpc/stream.signals?input=${encodeURIComponent(envelope)}`
    const headers = { authorization: `Bearer ${token}` }
    const ending = AbortSignal.timeout(2_000)
    const { body } = await fetch(`${api.url}${path}`, { headers, signal: ending })
    let text = ''
    for await (const chunk of ensureDefined(body, 'a stream')) {
      text += Buffer.from(chunk).toString()
      if (text.includes('serialized-error')) break
    }
    expect(text).toContain('"appCode":"VALIDATION_ERROR"')
  })

  it('has one vocabulary of errors with REST, without a stack', async () => {
    const failure: unknown = await overHttp()
      .v1.orders.list.query({})
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TRPCClientError)
    const { data } = failure as TRPCClientError<AppRouter>
    expect(data).toMatchObject({ appCode: 'UNAUTHORIZED', httpStatus: 401 })
    expect(JSON.stringify(data)).not.toContain('stack')
  })

  it('stays strict after REST converted the same schema', async () => {
    const token = await api.login('admin')
    expect((await api.call('GET', '/v1/positions?page=1', { token })).status).toBe(200)
    const input = encodeURIComponent(JSON.stringify({ json: { page: '1' } }))
    const { status } = await api.call('GET', `/trpc/v1.positions.list?input=${input}`, { token })
    expect(status).toBe(400)
  })

  it('streams what the caller may see, and resumes from the last id', async () => {
    const token = await api.login('trader')
    const socket = createWSClient({
      url: `${api.url.replace('http', 'ws')}/trpc`,
      connectionParams: { token },
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    })
    const client = createTRPCClient<AppRouter>({
      links: [wsLink({ client: socket, transformer: superjson })],
    })
    const seen: string[] = []
    const from = await signal('own_v1')
    await signal('own_v1', 'secret_v1')
    const subscription = client.stream.signals.subscribe(
      { since: from },
      {
        onData: ({ id, data }) =>
          void seen.push(`${id}:${(data.data as Message['data'])['strategy_code'] as string}`),
      },
    )
    await expect.poll(() => seen.length, { timeout: 5_000 }).toBe(1)
    await signal('secret_v1', 'own_v1')
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual([`${from + 1}:own_v1`, `${from + 4}:own_v1`])
    subscription.unsubscribe()
    await socket.close()
  })
})

describe('a client that does not read', () => {
  it('is given up, and one that does loses nothing', async () => {
    const other = await startTestApi()
    try {
      await insertStrategy(other.deps.db.kysely, strategy('ppo_v1', true))
      const { hub } = other.deps
      const reader = new Client('', { base: other.url })
      const stalled = new Client('', { base: other.url })
      await expect.poll(() => hub.connectedClients).toBe(2)
      stalled.socket.pause()
      const reasoning = 'x'.repeat(16_000)
      const start = hub.lastSequence
      for (let i = 1; i <= 1_000; i++) {
        const payload = { strategy_code: 'ppo_v1', reasoning }
        hub.publish({ sequence: start + i, topic: 'signals', key: 'ppo_v1', payload, createdAt: new Date() })
        if (i % 4 > 0) continue
        await vi.waitFor(() => expect(reader.messages.at(-1)?.sequence).toBe(start + i), {
          interval: 1,
          timeout: 5_000,
        })
      }
      await expect.poll(() => hub.connectedClients, { timeout: 10_000 }).toBe(1)
      expect(reader.codes).toHaveLength(1_000)
      stalled.socket.resume()
      expect(await stalled.closed).toBeGreaterThan(1000)
      await other.close()
      expect(await reader.closed).toBe(1012)
    } finally {
      await other.close()
    }
  })
})
