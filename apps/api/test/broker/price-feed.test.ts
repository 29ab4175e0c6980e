import { Decimal, systemClock } from '@quantdeck/domain'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlpacaBar } from '../../src/broker/alpaca/data-wire.ts'
import { dataStreamUrl, type FedSymbol, PriceFeed, timeframeOf } from '../../src/broker/alpaca/price-feed.ts'
import type { BrokerProblem } from '../../src/broker/alpaca/problems.ts'
import type { Quote } from '../../src/broker/port.ts'
import {
  PUBLISHED_STREAM_BAR,
  PUBLISHED_STREAM_QUOTE,
  PUBLISHED_STREAM_TRADE,
} from './local-alpaca/published.ts'
import { KEY_ID, LocalAlpaca, SECRET_KEY } from './local-alpaca/server.ts'

let server: LocalAlpaca
let feed: PriceFeed
let symbols: FedSymbol[]
let ticks: Quote[]
let bars: { symbol: string; bar: AlpacaBar }[]
let problems: BrokerProblem[]
let errors: unknown[]
beforeEach(async () => {
  server = new LocalAlpaca()
  await server.start()
  symbols = []
  ticks = []
  bars = []
  problems = []
  errors = []
})
afterEach(async () => {
  await feed.stop()
  await server.stop()
})

function open(...wanted: FedSymbol[]): void {
  symbols = wanted
  feed = new PriceFeed({
    access: { baseUrl: server.url, keyId: KEY_ID, secretKey: SECRET_KEY },
    dataUrl: server.url,
    feed: 'iex',
    clock: systemClock,
    report: (problem) => problems.push(problem),
    onError: (error) => errors.push(error),
    sink: {
      symbols: async () => symbols,
      onTick: async (quote) => void ticks.push(quote),
      onBars: async (symbol, _seconds, more) => void bars.push(...more.map((bar) => ({ symbol, bar }))),
    },
  })
  feed.start()
}

const fed = (symbol: string, intervalSeconds = 60, lastBarOpenedAt: Date | null = new Date()): FedSymbol => ({
  symbol,
  intervalSeconds,
  lastBarOpenedAt,
})
const subscribed = () =>
  expect.poll(() => server.data.subscriptions.trades.size, { timeout: 10_000 }).toBeGreaterThan(0)
const minutesAgo = (minutes: number) => new Date(Math.floor(systemClock.nowMs() / 60_000 - minutes) * 60_000)
const historic = (opened: Date) => ({
  t: opened.toISOString(),
  o: 100,
  h: 101.5,
  l: 99.25,
  c: 100.1,
  v: 7,
  n: 3,
  vw: 100.2,
})

describe('prices from Alpaca', () => {
  it('reads trades and minute bars as they are published, and leaves quotes alone', async () => {
    open(fed('AAPL'), fed('SPY'))
    await subscribed()
    expect([...server.data.subscriptions.bars]).toEqual(['AAPL', 'SPY'])
    server.data.sendRaw(
      JSON.stringify([PUBLISHED_STREAM_TRADE, PUBLISHED_STREAM_QUOTE, PUBLISHED_STREAM_BAR]),
    )
    await expect.poll(() => [ticks.length, bars.length], { timeout: 5_000 }).toEqual([1, 1])
    expect(ticks[0]).toEqual({
      symbol: 'AAPL',
      price: new Decimal('126.55'),
      at: new Date('2021-02-22T15:51:44.208Z'),
    })
    expect(bars[0]?.bar).toMatchObject({ o: new Decimal('388.985'), v: new Decimal(49_378) })
    expect(problems).toEqual([])
  })

  it('passes on the last trade of a second, not every one', async () => {
    open(fed('AAPL'))
    await subscribed()
    for (let cent = 1; cent <= 50; cent += 1) {
      server.publish({ ...PUBLISHED_STREAM_TRADE, T: 't', S: 'AAPL', p: 126 + cent / 100 })
    }
    await expect.poll(() => ticks.at(-1)?.price.toFixed(), { timeout: 5_000 }).toBe('126.5')
    expect(ticks.length).toBeLessThanOrEqual(2)
  })

  it('asks for the bars that have closed since the last one, all pages, without the one that is still open', async () => {
    server.data.history.set(
      'AAPL',
      Array.from({ length: 2_501 }, (_, index) => historic(minutesAgo(2_500 - index))),
    )
    open(fed('AAPL', 60, minutesAgo(2_000)))
    await expect.poll(() => bars.length, { timeout: 15_000 }).toBe(1_999)
    expect(bars[0]?.bar.t).toEqual(minutesAgo(1_999))
    expect(server.data.barRequests).toHaveLength(2)
    expect(server.data.barRequests[0]).toMatch(/timeframe=1Min&.*feed=iex&sort=asc/)
  })

  it('leaves nonsense out, says so, and goes on', async () => {
    open(fed('AAPL'))
    await subscribed()
    for (const frame of [
      'not json',
      '{}',
      '[{"T":"t","S":"AAPL","p":-1,"t":"2021-02-22T15:51:44.208Z"}]',
      '[{"T":"t","S":"AAPL","p":"NaN","t":"2021-02-22T15:51:44.208Z"}]',
      '[{"T":"t","S":"AAPL","p":1e300,"t":"2021-02-22T15:51:44.208Z"}]',
      '[{"T":"t","S":"AAPL","p":1,"t":"soon"}]',
      '[{"T":"b","S":"AAPL","o":"x"}]',
      '[{"T":"n","S":"AAPL"},{"T":7}]',
      JSON.stringify([{ T: 'error', code: 405, msg: 'symbol limit exceeded' }]),
    ]) {
      server.data.sendRaw(frame)
    }
    server.publish({ ...PUBLISHED_STREAM_TRADE, T: 't', S: 'AAPL' })
    await expect.poll(() => ticks.length, { timeout: 5_000 }).toBe(1)
    expect([...new Set(problems.map(({ code }) => code))].sort()).toEqual([
      'BROKER_BAD_ANSWER',
      'BROKER_STREAM_DOWN',
    ])
    expect(errors).toEqual([])
  })

  it('subscribes again after the stream was cut, and stands by while another process has the one connection', async () => {
    open(fed('AAPL'))
    await subscribed()
    server.data.disconnect()
    await expect.poll(() => server.data.subscriptions.trades.size).toBe(0)
    await expect.poll(() => server.data.subscriptions.trades.size, { timeout: 10_000 }).toBe(1)
    server.publish({ ...PUBLISHED_STREAM_TRADE, T: 't', S: 'AAPL' })
    await expect.poll(() => ticks.length, { timeout: 10_000 }).toBe(1)
    const first = feed
    open(fed('AAPL'))
    await expect
      .poll(() => problems.map(({ severity, message }) => `${severity} ${message}`), { timeout: 10_000 })
      .toEqual([expect.stringMatching(/^INFO .*connection limit exceeded \(406\)$/)])
    await first.stop()
  })

  it('says in Alpaca’s words which interval it means, and where the stream is', () => {
    open()
    expect([60, 300, 3_600, 14_400, 86_400, 30, 90, 604_800].map(timeframeOf)).toEqual([
      ...['1Min', '5Min', '1Hour', '4Hour', '1Day'],
      ...[null, null, null],
    ])
    expect(dataStreamUrl('https://data.alpaca.markets', 'sip')).toBe(
      'wss://stream.data.alpaca.markets/v2/sip',
    )
    expect(dataStreamUrl('http://127.0.0.1:9/', 'iex')).toBe('ws://127.0.0.1:9/v2/iex')
  })
})
