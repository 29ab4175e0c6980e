import { rlFixtures, type Fixture } from '@quantdeck/contracts/fixtures'
import { describeEngines } from '@quantdeck/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { differencesFromExample } from '../harness/like-example.ts'
import { RL_CLOSE, RL_NOW, RL_SIGNAL, startRlState, type RlState } from '../harness/rl-state.ts'
import { StreamClient } from '../harness/stream.ts'

type Name = keyof typeof rlFixtures
type HttpName = Exclude<Name, `${string}Message`>

/** Without a token: what the document, which knows none, shows a client on this machine. */
const PATHS: Record<HttpName, string> = {
  latestSignals: '/api/signals/latest',
  performance: '/api/performance?period=30d',
  positions: '/api/positions',
  riskStatus: '/api/risk/status',
  modelHealth: '/api/monitor/health',
  invalidPeriod: '/api/performance?period=invalid',
}

describeEngines('every example of the rl document over HTTP and WebSocket', (engine) => {
  let state: RlState

  beforeAll(async () => {
    state = await startRlState(engine)
  })

  afterAll(() => state.api.close())

  it.each(Object.entries(PATHS))('answers like %s', async (name, path) => {
    const fixture: Fixture = rlFixtures[name as HttpName]
    const headers = { 'content-type': 'application/json' }
    const answer = await state.api.call('GET', path, { headers })
    expect(answer.status, answer.text).toBe(fixture.status)
    expect(differencesFromExample(answer.body, fixture)).toEqual([])
  })

  it('repeats a posted signal with its age, and computes what the bot did not say', async () => {
    const { body } = await state.api.call('GET', PATHS.latestSignals)
    const [signal] = (rlFixtures.latestSignals.value as { signals: [Record<string, unknown>] }).signals
    const { risk_usd: _computed, ...literal } = signal
    expect(body).toMatchObject({ timestamp: RL_NOW, market_price: 4350.25, market_status: 'open' })
    expect((body as { signals: unknown[] }).signals).toEqual([
      expect.objectContaining({ ...literal, age_seconds: 5, symbol: 'USD/COP' }),
    ])
  })

  it('measures 5.5 % and a win rate of 0.58 over the 30 days of the document', async () => {
    const { body } = await state.api.call('GET', PATHS.performance)
    expect(body).toMatchObject({
      period: '30d',
      start_date: '2025-12-08T00:00:00Z',
      end_date: '2026-01-07T23:59:59Z',
      strategies: [
        {
          strategy_code: 'ppo_v1',
          total_return_pct: 5.5,
          win_rate: 0.58,
          total_trades: 45,
          winning_trades: 26,
          losing_trades: 19,
          current_equity: 10550,
          initial_equity: 10000,
          // 25 x 28 + 40 = 740 won, 190 lost.
          profit_factor: 3.8947,
        },
      ],
    })
  })

  it('shows the position of the document after 135 minutes', async () => {
    const { body } = await state.api.call('GET', PATHS.positions)
    const [position] = (rlFixtures.positions.value as { positions: [Record<string, unknown>] }).positions
    // 25.50 is not 10.25 x 1.0, and 10.25 pesos are no cent.
    const { position_id: _id, unrealized_pnl: _impossible, ...literal } = position
    expect(body).toMatchObject({ total_positions: 1, timestamp: RL_NOW })
    expect((body as { positions: unknown[] }).positions).toEqual([
      expect.objectContaining({ ...literal, holding_time_minutes: 135, symbol: 'USD/COP' }),
    ])
  })

  it('says in the literal words which periods there are', async () => {
    const { body } = await state.api.call('GET', PATHS.invalidPeriod)
    const literal = rlFixtures.invalidPeriod.value as Record<string, unknown>
    expect(body).toEqual({ ...literal, timestamp: RL_NOW })
  })

  it('shows strangers public strategies only, and never lets them write', async () => {
    const codes = async (token?: string) => {
      const { body } = await state.api.call('GET', PATHS.performance, token === undefined ? {} : { token })
      return (body as { strategies: { strategy_code: string }[] }).strategies.map((one) => one.strategy_code)
    }
    expect(await codes()).toEqual(['ppo_v1'])
    expect(await codes(state.key)).toEqual(['ppo_v1', 'secret_v1'])
    expect((await state.api.call('POST', '/api/signals', { body: RL_SIGNAL })).status).toBe(401)
  })

  it('streams like the document: signal, heartbeat and the change of the market', async () => {
    const { api, clock, key } = state
    const client = new StreamClient(api.url)
    const greeting = await client.hearType('market_status')
    expect(greeting.data).toEqual({ status: 'open', next_close: '2026-01-07T13:00:00-05:00' })
    const heartbeat = await client.hearType('heartbeat')
    expect(heartbeat.data).toEqual({ server_time: RL_NOW, connected_clients: 1 })
    const postedAt = performance.now()
    await api.call('POST', '/api/signals', { token: key, body: { ...RL_SIGNAL, timestamp: RL_NOW } })
    const signal = await client.hearType('signal')
    expect(signal.heardAt - postedAt).toBeLessThan(1_000)
    expect(signal.timestamp).toBe(RL_NOW)
    clock.advanceTo(new Date(RL_CLOSE))
    const change = await client.hear(({ data }) => data['status'] === 'closed', 'the close')
    expect(change.timestamp).toBe(RL_CLOSE)
    expect(change.data).toEqual({ status: 'closed', next_open: '2026-01-08T08:00:00-05:00' })
    const heard = { signalMessage: signal, heartbeatMessage: heartbeat, marketStatusMessage: change }
    for (const [name, { heardAt: _heardAt, ...message }] of Object.entries(heard)) {
      expect(differencesFromExample(message, rlFixtures[name as Name])).toEqual([])
    }
    client.close()
  })

  it('answers ping with pong, and replays after a sequence or with snapshot=1', async () => {
    const { api, key } = state
    const plain = new StreamClient(api.url)
    const { sequence } = await plain.hearType('market_status')
    plain.socket.send('ping')
    const reasoning = `after ${sequence}`
    await api.call('POST', '/api/signals', {
      token: key,
      body: { ...RL_SIGNAL, signal: 'HOLD', timestamp: RL_CLOSE, reasoning },
    })
    const live = await plain.hearType('signal')
    expect(plain.texts).toContain('pong')
    const since = new StreamClient(api.url, `?since=${sequence}`)
    const snapshot = new StreamClient(api.url, '?snapshot=1')
    for (const client of [since, snapshot]) {
      const { heardAt: _heardAt, ...replayed } = await client.hearType('signal')
      expect(replayed).toEqual({ ...replayed, data: live.data, sequence: live.sequence })
    }
    expect(since.messages.filter(({ type }) => type === 'signal')).toHaveLength(1)
    for (const client of [plain, since, snapshot]) client.close()
  })
})
