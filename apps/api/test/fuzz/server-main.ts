// The server under test in a process of its own: both processors work, and its loop's stalls are its own. The test
// talks to it over the parent's channel, which no client has.
import { ensureDefined, type Role } from '@quantdeck/domain'

import { NOBODY, type TestApi } from '../harness.ts'
import { makeResults } from '../harness/results.ts'
import { startV1State } from '../harness/v1-state.ts'
import { addOtherAdmin, addStudied, makeBelongings, STUDIED } from './belongings.ts'
import { Digest } from './digest.ts'
import { readHints } from './hints.ts'
import type { Call, Remote, Result } from './protocol.ts'
import { StallWatch } from './stall-watch.ts'

const SETTLING_MS = 400

const { api, clock, token } = await startV1State('pglite', { logLevel: 'warn' })
const digest = new Digest(ensureDefined(api.deps.db.pglite, 'the embedded database'))
const watch = new StallWatch()
const otherAdminId = await addOtherAdmin(api)
await addStudied(api)
const results = await makeResults(api, token, STUDIED)

const remote: Remote = {
  async begin() {
    api.app.server.prependListener('request', ({ method, url }) =>
      watch.note(`${method} ${url?.slice(0, 200)}`),
    )
    await api.confirm(token)
    await settle()
    watch.start()
    return { url: api.url }
  },
  async hints() {
    const belongings = await makeBelongings(api, otherAdminId)
    return readHints(api, await remote.enter('admin'), results, belongings)
  },
  async enter(role) {
    const fresh = await api.enter(api.users[role].userId)
    // Another user's password may have been changed by a generated request.
    if (role === 'admin') await api.confirm(fresh)
    return fresh
  },
  refreshToken: () => refreshToken(api, 'risk'),
  digest: () => unwatched(() => digest.take()),
  settle,
  async release() {
    await releaseKillSwitches(api)
  },
  async advance(ms) {
    clock.advanceBy(ms)
  },
  async takeStall() {
    return watch.take()
  },
  async takeErrors() {
    return api.logLines.splice(0).filter((line) => (JSON.parse(line) as { level: number }).level >= 50)
  },
  async end() {
    watch.stop()
    await api.close()
  },
}

async function unwatched<T>(work: () => Promise<T>): Promise<T> {
  watch.stop()
  try {
    return await work()
  } finally {
    watch.start()
  }
}

async function settle(): Promise<void> {
  for (let before = ''; ;) {
    const now = JSON.stringify(await unwatched(() => digest.take()))
    if (now === before) return
    before = now
    await new Promise((resolve) => setTimeout(resolve, SETTLING_MS))
  }
}

async function refreshToken({ deps, users }: TestApi, role: Role): Promise<string> {
  const { sessions } = deps.auth
  const link = await sessions.createLoginLink(users[role].userId)
  return (await sessions.loginWithLink(link, NOBODY)).refreshToken
}

async function releaseKillSwitches(server: TestApi): Promise<void> {
  const fresh = await server.enter(server.users.admin.userId)
  await server.confirm(fresh)
  const { body } = await server.call('GET', '/v1/controls/kill-switch', { token: fresh })
  const { data } = body as { data: { scopes: { scope: string; level: string }[] } }
  for (const { scope, level } of data.scopes) {
    if (level === 'ACTIVE') continue
    const strategyId = scope.startsWith('strategy:') ? scope.slice('strategy:'.length) : undefined
    const request = { action: 'deactivate', reason: 'the next operation', strategy_id: strategyId }
    await server.call('POST', '/v1/controls/kill-switch', { token: fresh, body: request })
  }
}

async function answer({ id, name, argument }: Call): Promise<Result> {
  try {
    return { id, value: await (remote[name] as (argument: unknown) => Promise<unknown>)(argument) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', (call: Call) => {
  void answer(call).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0 } satisfies Result)
