import { describe, expect, it } from 'vitest'

import { EnvError, parseEnv } from './env.ts'

describe('parseEnv', () => {
  it('has a default for everything, and takes an empty variable as not set', () => {
    const env = parseEnv({ PORT: '', DATABASE_URL: '' })
    expect(env).toMatchObject({
      port: 8000,
      host: '127.0.0.1',
      dataDir: '.data',
      databaseUrl: null,
      role: 'all',
      demo: 'auto',
      apiPublic: false,
      primarySymbol: 'USD/COP',
      riskDayZone: 'America/Bogota',
      initialCapital: '100000',
      broker: 'simulated',
    })
    expect(env.rateLimits.kind).toBe('documented')
  })

  it.each([
    [{ PORT: '80000' }, 'PORT must be a number from 0 to 65535.'],
    [{ PORT: 'http' }, 'PORT must be a number from 0 to 65535.'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be a URL with postgres:// or postgresql://.'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET must have at least 32 bytes.'],
    [{ ADMIN_EMAIL: 'a@b.co', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD must have at least 12 characters.'],
    [{ ADMIN_PASSWORD: 'long enough it is' }, 'ADMIN_PASSWORD is set without ADMIN_EMAIL.'],
    [{ RISK_DAY_ZONE: 'Mars/Base' }, 'RISK_DAY_ZONE must be a time zone such as America/Bogota.'],
    [{ INITIAL_CAPITAL: '-1' }, 'INITIAL_CAPITAL must be a positive decimal such as 100000.'],
    [{ BROKER: 'alpaca' }, 'BROKER=alpaca needs ALPACA_KEY_ID and ALPACA_SECRET_KEY.'],
    [
      { BROKER: 'alpaca', ALPACA_KEY_ID: 'k', ALPACA_SECRET_KEY: 's', DEMO: 'on' },
      'BROKER=alpaca needs DEMO=off: no order of the demo market may reach a real broker.',
    ],
    [
      { BROKER: 'alpaca', ALPACA_KEY_ID: 'k', ALPACA_SECRET_KEY: 's', ALPACA_ACCOUNT: 'live' },
      'ALPACA_ACCOUNT=live contradicts ALPACA_BASE_URL: paper-api.alpaca.markets has PAPER accounts.',
    ],
    [
      { ALPACA_BASE_URL: 'http://api.alpaca.markets' },
      'ALPACA_BASE_URL must be https://: the keys would travel in clear.',
    ],
    [
      { ALPACA_BASE_URL: 'ws://api.alpaca.markets' },
      'ALPACA_BASE_URL must be a URL with https:// or http://.',
    ],
    [
      { RATE_LIMITS: 'off', HOST: '0.0.0.0' },
      'RATE_LIMITS=off is only possible while HOST is a loopback address.',
    ],
    [
      { DATABASE_URL: 'postgres://db/x' },
      'JWT_SECRET is required with DATABASE_URL, so that every instance signs alike.',
    ],
    [{ IP_ALLOW_LIST: '10.0.0.0/99' }, 'IP_ALLOW_LIST must list addresses or CIDR ranges.'],
  ])('says in one sentence what is wrong with %j', (source, sentence) => {
    expect(() => parseEnv(source as Record<string, string>)).toThrow(new EnvError(sentence))
  })

  it('knows a live account at Alpaca by its host, and any other by what it is told', () => {
    const keys = { BROKER: 'alpaca', ALPACA_KEY_ID: 'k', ALPACA_SECRET_KEY: 's' }
    expect(parseEnv(keys)).toMatchObject({ alpacaAccount: 'PAPER', alpacaFeed: 'iex', demo: 'off' })
    const live = { ...keys, ALPACA_BASE_URL: 'https://api.alpaca.markets', ALPACA_FEED: 'off' }
    expect(parseEnv(live)).toMatchObject({ alpacaAccount: 'LIVE', alpacaFeed: null })
    const local = { ...keys, ALPACA_BASE_URL: 'http://127.0.0.1:9', ALPACA_ACCOUNT: 'live' }
    expect(parseEnv(local)).toMatchObject({ alpacaAccount: 'LIVE', alpacaBaseUrl: 'http://127.0.0.1:9' })
  })

  it('never repeats a secret in its sentence', () => {
    expect(() => parseEnv({ JWT_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/)
  })

  it('takes custom rate limits over the documented ones, and refuses unknown classes', () => {
    const { rateLimits } = parseEnv({ RATE_LIMITS: '{"write":120}' })
    expect(rateLimits).toMatchObject({ kind: 'custom', table: { write: 120, login: 30 } })
    for (const bad of ['{"writes":1}', '{"write":0}', '{"write":', 'none', '[]']) {
      expect(() => parseEnv({ RATE_LIMITS: bad })).toThrow(/^RATE_LIMITS must be documented, off, or JSON/)
    }
  })
})
