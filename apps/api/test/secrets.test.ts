import { describeEngines, sampleStrategy } from '@quantdeck/db/testing'
import { insertStrategy } from '@quantdeck/db'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'

import { PASSWORD, startTestApi, type Answer, type CallOptions, type TestApi } from './harness.ts'

/** Secrets go in, through success, 4xx and 5xx; afterwards they are looked for wherever something is kept or said. */
describeEngines('secrets', (engine) => {
  let api: TestApi
  /** What was sent, by what it was. */
  const canaries = new Map<string, string>()
  /** What the server made: each may stand in the one answer that hands it out. */
  const handedOut = new Map<string, string>()
  const answers: { about: string; answer: Answer }[] = []

  beforeAll(async () => {
    api = await startTestApi({ engine })
    const strategy = { strategyId: 'mine_v1', ownerId: api.users.trader.userId }
    await insertStrategy(api.deps.db.kysely, sampleStrategy(strategy))
  })
  afterAll(() => api.close())

  /** Text that occurs nowhere by chance, and is a password that nobody has. */
  function canary(about: string): string {
    const text = `canary-${randomBytes(12).toString('hex')}`
    canaries.set(about, text)
    return text
  }

  async function send(
    about: string,
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer> {
    const answer = await api.call(method, path, options)
    answers.push({ about, answer })
    return answer
  }

  async function expectStatus(
    status: number,
    about: string,
    method: string,
    path: string,
    options: CallOptions,
  ) {
    const answer = await send(about, method, path, options)
    expect([about, answer.status]).toEqual([about, status])
    return answer
  }

  function keep(about: string, answer: Answer, read: (body: never) => string): string {
    const secret = read(answer.body as never)
    expect([about, secret.length > 15]).toEqual([about, true])
    handedOut.set(about, secret)
    return secret
  }

  const admin = async () => {
    const token = await api.enter(api.users.admin.userId)
    await api.confirm(token)
    return token
  }
  const userBody = (email: string, password: string) => ({ email, password, role: 'viewer' })
  const own = { 'x-quantdeck': '1' }

  async function throughSuccess(): Promise<void> {
    const token = await admin()
    const first = canary('password of a new user')
    await expectStatus(201, 'create', 'POST', '/v1/users', {
      token,
      body: userBody('bird@example.com', first),
      headers: { 'idempotency-key': 'bird' },
    })
    const login = await expectStatus(200, 'login', 'POST', '/v1/auth/login', {
      body: { email: 'bird@example.com', password: first },
    })
    const access = keep('access token', login, (body: { access_token: string }) => body.access_token)
    const refresh = keep('refresh token', login, (body: { refresh_token: string }) => body.refresh_token)
    const next = await expectStatus(200, 'refresh', 'POST', '/v1/auth/refresh', { token: refresh })
    keep('second refresh token', next, (body: { refresh_token: string }) => body.refresh_token)
    await expectStatus(200, 'change', 'POST', '/v1/me/password', {
      token: access,
      body: { current_password: first, new_password: canary('changed password') },
    })
    const confirm = canaries.get('changed password')
    await expectStatus(200, 'confirm', 'POST', '/v1/auth/confirm', {
      token: access,
      body: { password: confirm },
    })
    const key = await expectStatus(201, 'key', 'POST', '/v1/api-keys', {
      token: access,
      body: { name: 'bot', scopes: ['read'] },
    })
    const apiKey = keep('API key', key, (body: { data: { key: string } }) => body.data.key)
    await expectStatus(200, 'use of key', 'GET', '/v1/me', { headers: { 'x-api-key': apiKey } })
    const ticket = await expectStatus(201, 'ticket', 'POST', '/v1/auth/ws-ticket', { token: access })
    const ticketText = keep('ticket', ticket, (body: { data: { ticket: string } }) => body.data.ticket)
    await touchStream(`?ticket=${ticketText}`)
    const asked = await expectStatus(201, 'approval', 'POST', '/v1/controls/approvals', {
      token: await api.enter(api.users.admin.userId),
      body: { strategy_id: 'mine_v1', from_mode: 'PAPER', to_mode: 'LIVE', reason: 'test' },
    })
    expect(asked.text).not.toContain('approval_code')
    const hook = await expectStatus(201, 'webhook', 'POST', '/v1/webhooks', {
      token: await admin(),
      body: {
        name: 'chat',
        format: 'telegram',
        url: `https://api.telegram.org/bot${canary('bot token')}/sendMessage?x=${canary('query of a webhook')}`,
        chat_id: '-100',
        enabled: false,
      },
    })
    keep('signing secret', hook, (body: { data: { secret: string } }) => body.data.secret)
    const hookPath = `/v1/webhooks/${(hook.body as { data: { webhook_id: string } }).data.webhook_id}`
    const renewed = await expectStatus(200, 'rotation', 'POST', `${hookPath}/rotate-secret`, {
      token: await admin(),
    })
    keep('second signing secret', renewed, (body: { data: { secret: string } }) => body.data.secret)
    await expectStatus(200, 'webhook', 'PATCH', hookPath, {
      token: await admin(),
      body: { url: `https://hooks.example.com/${canary('path of a webhook')}` },
    })
    await expectStatus(200, 'webhooks', 'GET', '/v1/webhooks', { token: await admin() })
    const link = await api.deps.auth.sessions.createLoginLink(api.users.viewer.userId)
    handedOut.set('login link', link)
    await expectStatus(200, 'link', 'POST', '/trpc/session.loginWithLink', {
      body: { json: { token: link } },
      headers: own,
    })
  }

  async function touchStream(query: string, protocols: string[] = [], headers = {}): Promise<void> {
    const url = `${api.url.replace('http', 'ws')}/ws/trading-signals${query}`
    const socket = new WebSocket(url, protocols, { headers })
    await new Promise((resolve) => {
      socket.on('message', resolve)
      socket.on('close', resolve)
      socket.on('error', resolve)
      setTimeout(resolve, 300)
    })
    socket.terminate()
  }

  async function throughRefusal(): Promise<void> {
    const token = await admin()
    const viewer = await api.enter(api.users.viewer.userId)
    const email = api.users.risk.email
    await expectStatus(401, 'wrong', 'POST', '/v1/auth/login', {
      body: { email, password: canary('wrong password') },
    })
    await expectStatus(401, 'ghost', 'POST', '/v1/auth/login', {
      body: { email: 'ghost@example.com', password: canary('password of nobody') },
    })
    await expectStatus(401, 'browser', 'POST', '/trpc/session.login', {
      body: { json: { email, password: canary('wrong password in the browser') } },
      headers: own,
    })
    const body = userBody('thirteen@example.com', '')
    await expectStatus(400, 'malformed', 'POST', '/v1/auth/login', {
      body: `{"email":"a@b.c","password":"${canary('password in malformed JSON')}"`,
    })
    await expectStatus(400, 'field', 'POST', '/v1/users', {
      token,
      body: { ...body, password: PASSWORD, secret: canary('value of an unknown field') },
    })
    await expectStatus(400, 'type', 'POST', '/v1/users', {
      token,
      body: { ...body, password: [canary('password of a wrong type')] },
    })
    await expectStatus(415, 'media type', 'POST', '/v1/auth/login', {
      body: canary('body of a wrong media type'),
      headers: { 'content-type': 'text/plain' },
    })
    await expectStatus(403, 'role', 'POST', '/v1/users', {
      token: viewer,
      body: { ...body, password: canary('password sent without the role') },
    })
    await expectStatus(409, 'taken', 'POST', '/v1/users', {
      token,
      body: userBody(email, canary('password for a taken email')),
    })
    await expectStatus(403, 'confirm', 'POST', '/v1/auth/confirm', {
      token: viewer,
      body: { password: canary('wrong confirmation') },
    })
    await expectStatus(403, 'change', 'POST', '/v1/me/password', {
      token: viewer,
      body: {
        current_password: canary('wrong current password'),
        new_password: canary('unused new password'),
      },
    })
    await expectStatus(401, 'bearer', 'GET', '/v1/me', { token: canary('bearer token') })
    await expectStatus(401, 'jwt', 'GET', '/v1/me', { token: `a.${canary('part of a token')}.c` })
    await expectStatus(401, 'key', 'GET', '/v1/me', { headers: { 'x-api-key': `qd_${canary('API key')}` } })
    await expectStatus(401, 'basic', 'GET', '/v1/me', {
      headers: { authorization: `Basic ${canary('basic credentials')}` },
    })
    await expectStatus(401, 'refresh', 'POST', '/v1/auth/refresh', { token: canary('refresh token') })
    const cookie = `qd_refresh=${canary('refresh cookie')}; qd_device=${canary('device cookie')}; other=${canary('foreign cookie')}`
    await expectStatus(401, 'cookie', 'POST', '/trpc/session.refresh', {
      headers: { ...own, cookie, 'content-type': 'application/json' },
      body: '',
    })
    await expectStatus(401, 'link', 'POST', '/trpc/session.loginWithLink', {
      body: { json: { token: canary('login link') } },
      headers: own,
    })
    await expectStatus(401, 'signed link', 'GET', `/v1/runs/1/report?token=${canary('report link')}`, {})
    await expectStatus(401, 'query', 'GET', `/v1/me?access_token=${canary('token in a URL')}`, {})
    await expectStatus(400, 'private webhook', 'POST', '/v1/webhooks', {
      token,
      body: { name: 'inside', url: `https://10.0.0.1/${canary('path of a refused webhook')}` },
    })
    await expectStatus(403, 'approval', 'POST', '/v1/controls/mode-transition', {
      token,
      body: {
        strategy_id: 'mine_v1',
        from_mode: 'PAPER',
        to_mode: 'LIVE',
        approval_code: canary('approval code'),
      },
    })
    await touchStream(`?ticket=${canary('stream ticket')}`)
    await touchStream('', ['bearer', canary('protocol token')])
    await touchStream('', [], { authorization: `Bearer ${canary('stream token')}` })
  }

  /** The table of users is gone: whatever asks for a user is a defect of ours. */
  async function throughDefect(): Promise<void> {
    const token = await admin()
    const { executeSql } = api.deps.db
    await executeSql('alter table users rename to users_gone')
    try {
      api.deps.auth.accessChanged()
      const password = canary('password during a defect')
      const answer = await expectStatus(500, 'defect', 'POST', '/v1/auth/login', {
        body: { email: 'defect@example.com', password },
      })
      expect(answer.body).toMatchObject({
        error: { code: 'INTERNAL_ERROR', message: 'Internal server error' },
      })
      handedOut.set('token during a defect', token)
      await expectStatus(500, 'defect', 'GET', '/v1/me', { token })
      await expectStatus(500, 'defect', 'POST', '/trpc/session.login', {
        body: { json: { email: 'defect@example.com', password: canary('browser password during a defect') } },
        headers: own,
      })
      await expectStatus(500, 'defect', 'POST', '/v1/users', {
        token,
        body: userBody('defect@example.com', canary('new password during a defect')),
      })
    } finally {
      await executeSql('alter table users_gone rename to users')
      api.deps.auth.accessChanged()
    }
  }

  async function everyRow(): Promise<string> {
    const { executeSql } = api.deps.db
    const tables = await executeSql(
      "select table_name from information_schema.tables where table_schema = 'public' order by 1",
    )
    const texts: string[] = []
    for (const { table_name: name } of tables.rows) {
      texts.push(JSON.stringify((await executeSql(`select * from "${String(name)}"`)).rows))
    }
    return texts.join('\n')
  }

  it('are in no log, no answer, no audit entry and no row, whatever became of the request', async () => {
    await throughSuccess()
    await throughRefusal()
    await throughDefect()
    expect(canaries.size).toBeGreaterThanOrEqual(30)
    const log = api.logLines.join('')
    const rows = await everyRow()
    expect(log).toContain('request failed')
    expect(rows).toContain('user.create')
    for (const [about, secret] of [...canaries, ...handedOut]) {
      expect([about, 'log', log.includes(secret)]).toEqual([about, 'log', false])
      expect([about, 'rows', rows.includes(secret)]).toEqual([about, 'rows', false])
    }
    for (const { about, answer } of answers) {
      const said = answer.text + JSON.stringify([...answer.headers])
      for (const [what, secret] of canaries)
        expect([about, what, said.includes(secret)]).toEqual([about, what, false])
    }
    for (const [about, secret] of handedOut) {
      const times = answers.filter(({ answer }) => answer.text.includes(secret)).length
      expect([about, times]).toEqual([about, /login link|during a defect/.test(about) ? 0 : 1])
    }
  })

  it('leave one line of log per event, whatever is in it', () => {
    for (const line of api.logLines) {
      expect(line.trimEnd()).not.toContain('\n')
      expect(() => JSON.parse(line) as unknown).not.toThrow()
    }
  })
})
