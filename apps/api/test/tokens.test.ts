import { listAlerts } from '@quantdeck/db'
import { describeEngines } from '@quantdeck/db/testing'
import { SECOND_MS, VirtualClock } from '@quantdeck/domain'
import { base64url, CompactEncrypt, SignJWT, UnsecuredJWT, type JWTHeaderParameters } from 'jose'
import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { deriveKey } from '../src/auth/secrets.ts'
import { PASSWORD, SECRET, startTestApi, type TestApi } from './harness.ts'

const KEY = deriveKey(SECRET, 'access-token')
const json = (value: unknown): string => base64url.encode(JSON.stringify(value))

interface Good {
  token: string
  claims: Record<string, unknown>
}

/** Whatever an attacker may try, by what it tries. Each is sound but for the one thing it names. */
async function forgeries({ token, claims }: Good, otherUserId: string): Promise<Record<string, string>> {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const plain = { alg: 'HS256', typ: 'at+jwt' }
  const sign = (change: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}, key = KEY) =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ ...plain, ...header }).sign(key)
  /** Signed with our own key, whatever the header says: libraries refuse to make some of these. */
  const raw = (header: Record<string, unknown>, body: unknown = claims, hash = 'sha256') => {
    const text = `${json(header)}.${json(body)}`
    return `${text}.${createHmac(hash, KEY).update(text).digest('base64url')}`
  }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
  const ofRsa = (header: Record<string, unknown>) => {
    const text = `${json(header)}.${payload}`
    return `${text}.${signWith('sha256', Buffer.from(text), rsa.privateKey).toString('base64url')}`
  }
  const own = { kty: 'oct', k: base64url.encode(Buffer.alloc(32, 7)) }
  const issuedAt = Number(claims['iat'])
  const encrypted = new CompactEncrypt(Buffer.from(JSON.stringify(claims)))
  return {
    'alg none, no signature': new UnsecuredJWT(claims).encode(),
    'alg none with our type': `${json({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    'alg None': `${json({ alg: 'None', typ: 'at+jwt' })}.${payload}.`,
    'alg nOnE with a signature': `${json({ alg: 'nOnE', typ: 'at+jwt' })}.${payload}.${signature}`,
    'alg empty': raw({ alg: '', typ: 'at+jwt' }),
    'no alg': raw({ typ: 'at+jwt' }),
    'alg RS256 over our signature': `${json({ alg: 'RS256', typ: 'at+jwt' })}.${payload}.${signature}`,
    'RS256 of a key of theirs': ofRsa({ alg: 'RS256', typ: 'at+jwt' }),
    'RS256 with its key in jwk': ofRsa({
      ...plain,
      alg: 'RS256',
      jwk: rsa.publicKey.export({ format: 'jwk' }),
    }),
    'HS256 keyed with a public key': await sign({}, {}, Buffer.from(pem)),
    'HS512 of the right key': raw({ alg: 'HS512', typ: 'at+jwt' }, claims, 'sha512'),
    'HS384 of the right key': raw({ alg: 'HS384', typ: 'at+jwt' }, claims, 'sha384'),
    'a key of theirs in jwk': await sign({}, { jwk: own }, Buffer.alloc(32, 7)),
    'a key set of theirs in jku': await sign({}, { jku: 'https://evil.example/jwks' }, Buffer.alloc(32, 7)),
    'kid to an empty file': await sign({}, { kid: '/dev/null' }, Buffer.alloc(32)),
    'kid with SQL': await sign({}, { kid: "' union select 'x" }, Buffer.alloc(32, 7)),
    'a certificate of theirs in x5u': await sign({}, { x5u: 'https://evil.example/c' }, Buffer.alloc(32, 7)),
    'another secret': await sign({}, {}, deriveKey('another secret of at least 32 bytes', 'access-token')),
    'the secret itself': await sign({}, {}, Buffer.from(SECRET)),
    'the key of another purpose': await sign({}, {}, deriveKey(SECRET, 'refresh-successor')),
    'an empty key': `${head}.${payload}.${createHmac('sha256', '').update(`${head}.${payload}`).digest('base64url')}`,
    'typ JWT': await sign({}, { typ: 'JWT' }),
    'no typ': raw({ alg: 'HS256' }),
    'typ of an ID token': await sign({}, { typ: 'id+jwt' }),
    'a critical extension': raw({ ...plain, crit: ['exp'], exp: 1 }),
    'unencoded payload': raw({ ...plain, b64: false, crit: ['b64'] }),
    'another audience': await sign({ aud: 'someone-else' }),
    'no audience': await sign({ aud: undefined }),
    'another issuer': await sign({ iss: 'someone-else' }),
    'no issuer': await sign({ iss: undefined }),
    'no exp': await sign({ exp: undefined }),
    'no iat': await sign({ iat: undefined }),
    'no jti': await sign({ jti: undefined }),
    'no sub': await sign({ sub: undefined }),
    'exp as text': raw(plain, { ...claims, exp: '9999999999' }),
    expired: await sign({ exp: issuedAt - 1 }),
    'issued two hours ago, valid for ever': await sign({ iat: issuedAt - 7_200, exp: 9_999_999_999 }),
    'issued in the future': await sign({ iat: issuedAt + 3_600, exp: issuedAt + 7_200 }),
    'not valid yet': await sign({ nbf: issuedAt + 600 }),
    'a session that does not exist': await sign({ sid: '00000000-0000-4000-8000-000000000000' }),
    'a session that is no id': await sign({ sid: "x' or '1'='1" }),
    'a session that is no text': await sign({ sid: { $ne: null } }),
    'no session': await sign({ sid: undefined }),
    'another version': await sign({ ver: 99 }),
    'a version that is no number': await sign({ ver: '0' }),
    'another user': await sign({ sub: otherUserId }),
    'a payload changed afterwards': `${head}.${json({ ...claims, sub: otherUserId })}.${signature}`,
    'a signature changed at its end': `${head}.${payload}.${signature.slice(0, -3)}AAA`,
    'a signature cut short': `${head}.${payload}.${signature.slice(0, 20)}`,
    'no signature': `${head}.${payload}.`,
    'two parts': `${head}.${payload}`,
    'one part': head,
    'four parts': `${token}.${signature}`,
    'a payload that is no JSON': raw(plain, undefined).replace(
      /\.[^.]*\./,
      `.${base64url.encode('{"sub":')}.`,
    ),
    'a payload that is a list': raw(plain, [claims]),
    'encrypted instead of signed': await encrypted
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt' })
      .encrypt(KEY),
    'no token at all': 'a.b.c',
    'a very long one': `${head}.${payload}.${'A'.repeat(4_000)}`,
    'a key that does not exist': `qd_${'A'.repeat(43)}`,
    'a refresh token': `qr_${'A'.repeat(43)}`,
    'a ticket': `qt_${'A'.repeat(43)}`,
  }
}

describe('forged tokens', () => {
  let api: TestApi
  let forged: Record<string, string>
  let good: Good
  const clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))

  beforeAll(async () => {
    api = await startTestApi({ clock })
    const token = await api.enter(api.users.trader.userId)
    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    ) as Good['claims']
    good = { token, claims }
    forged = await forgeries(good, api.users.admin.userId)
  })
  afterAll(() => api.close())

  const errorOf = ({ text }: { text: string }) =>
    text.replace(/"req-[\w-]+"/, '"REQUEST"').replace(/"timestamp":"[^"]+"/, '"timestamp":"NOW"')

  it('are more than forty, beside one that was made the same way and works', async () => {
    expect(Object.keys(forged).length).toBeGreaterThan(40)
    const control = await new SignJWT(good.claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(KEY)
    for (const path of ['/v1/me', '/api/positions', '/trpc/deck.session.me']) {
      expect((await api.call('GET', path, { token: control })).status).toBe(200)
    }
  })

  it.each(['/v1/me', '/v1/users', '/v1/health', '/api/positions', '/trpc/deck.session.me'])(
    'are all refused at %s, with one body',
    async (path) => {
      const bodies = new Set<string>()
      for (const [what, token] of Object.entries(forged)) {
        const answer = await api.call('GET', path, { token })
        expect([what, answer.status]).toEqual([what, 401])
        expect(answer.headers.get('cache-control')).toBe('no-store')
        bodies.add(errorOf(answer))
      }
      expect([...bodies]).toHaveLength(1)
    },
  )

  it('open no stream', async () => {
    for (const [what, token] of Object.entries(forged)) {
      // Longer than a header may sensibly be: refused before.
      const headers = { authorization: `Bearer ${token}` }
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}/ws/trading-signals`, { headers })
      const code = await new Promise((resolve) => {
        socket.on('close', resolve)
        socket.on('message', () => resolve('a message'))
        socket.on('error', () => {})
      })
      socket.terminate()
      expect([what, code]).toEqual([what, 4401])
    }
  })

  it('are refused once more when tried again: nothing about them is remembered as good', async () => {
    for (const token of Object.values(forged).slice(0, 20)) {
      expect((await api.call('GET', '/v1/me', { token })).status).toBe(401)
    }
    expect((await api.call('GET', '/v1/me', { token: good.token })).status).toBe(200)
  })
})

describeEngines('refresh tokens', (engine) => {
  let api: TestApi
  let clock: VirtualClock

  beforeAll(async () => {
    clock = new VirtualClock(Date.parse('2026-01-07T16:30:00Z'))
    api = await startTestApi({ clock, engine })
  })
  afterAll(() => api.close())

  interface Pair {
    access_token: string
    refresh_token: string
  }
  const login = async () => {
    const body = { email: 'trader@example.com', password: PASSWORD }
    return (await api.call('POST', '/v1/auth/login', { body })).body as Pair
  }
  const refresh = (token: string) => api.call('POST', '/v1/auth/refresh', { token })

  it('log nobody out when two tabs refresh at once, 100 times', async () => {
    let current = await login()
    for (let round = 0; round < 100; round++) {
      const [one, two] = await Promise.all([refresh(current.refresh_token), refresh(current.refresh_token)])
      expect([round, one.status, two.status]).toEqual([round, 200, 200])
      const [first, second] = [one.body as Pair, two.body as Pair]
      expect(second.refresh_token).toBe(first.refresh_token)
      current = first
      clock.advanceBy(SECOND_MS)
    }
    expect((await api.call('GET', '/v1/me', { token: current.access_token })).status).toBe(200)
  })

  it('that were stolen end the family, for thief and owner, and raise one CRITICAL alert', async () => {
    const stolen = await login()
    const owners = (await refresh(stolen.refresh_token)).body as Pair
    const latest = (await refresh(owners.refresh_token)).body as Pair
    const unhurt = await login()
    const answers = await Promise.all([1, 2, 3].map(() => refresh(stolen.refresh_token)))
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    for (const { refresh_token, access_token } of [owners, latest]) {
      expect((await refresh(refresh_token)).status).toBe(401)
      expect((await api.call('GET', '/v1/me', { token: access_token })).status).toBe(401)
    }
    expect((await refresh(unhurt.refresh_token)).status).toBe(200)
    const { alerts } = await listAlerts(api.deps.db.kysely, { visible: 'all' }, { limit: 10, offset: 0 })
    expect(alerts.map(({ code, severity }) => [code, severity])).toEqual([
      ['REFRESH_TOKEN_REUSED', 'CRITICAL'],
    ])
    expect(JSON.stringify(alerts)).not.toContain('example.com')
  })
})
