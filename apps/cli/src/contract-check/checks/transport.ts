import { listEndpoints, rl, v1 } from '@quantdeck/contracts'
import { type Check, must, show } from '../check.ts'
import { expectJson, expectStatus } from '../expect.ts'
import type { Answer } from '../http.ts'
import type { Target } from '../target.ts'

const ORIGIN = 'http://localhost:3000'

/** What HTTP itself asks, and the documents of the API. */
export const TRANSPORT_CHECKS: Check[] = [
  {
    id: 'v1.http.head',
    family: 'v1',
    title: 'HEAD answers like GET without a body',
    run: async (target) => assertHead(await target.call('HEAD', '/v1/positions')),
  },
  {
    id: 'rl.http.head',
    family: 'rl',
    title: 'HEAD answers like GET without a body',
    run: async (target) =>
      assertHead(await target.call('HEAD', '/api/positions', { as: await target.rlCaller() })),
  },
  {
    id: 'v1.http.cors',
    family: 'v1',
    title: 'a preflight from a loopback origin allows every method of v1, PATCH too, with Authorization',
    run: async (target) => {
      for (const { endpoint } of listEndpoints(v1)) {
        const { method, path } = endpoint.meta
        await assertPreflight(target, method, path.replace(/\{\w+\}/, 'x'))
      }
    },
  },
  {
    id: 'rl.http.cors',
    family: 'rl',
    title: 'a preflight from a loopback origin allows the rl GETs, and their answers the origin',
    run: async (target) => {
      for (const { endpoint } of listEndpoints(rl)) await assertPreflight(target, 'GET', endpoint.meta.path)
      const as = await target.rlCaller()
      const answer = await target.call('GET', '/api/positions', { as, headers: { origin: ORIGIN } })
      assertOrigin(answer)
    },
  },
  {
    id: 'v1.docs.openapi',
    family: 'v1',
    title: '/openapi.json describes every operation of both documents',
    run: assertOpenApi,
  },
  ...['/docs', '/redoc'].map((path): Check => ({
    id: `v1.docs.${path.slice(1)}`,
    family: 'v1',
    title: `${path} is a page`,
    run: async (target) => {
      const answer = await target.call('GET', path, { as: 'nobody' })
      expectStatus(answer, 200)
      const type = answer.headers['content-type'] ?? 'no Content-Type'
      must(/^text\/html\s*(?:;|$)/i.test(type), `${path} as text/html`, type)
      must(/<html|<!doctype html/i.test(answer.text), `${path} to be HTML`, answer.text.slice(0, 80))
    },
  })),
]

function assertHead(answer: Answer): void {
  expectStatus(answer, 200)
  must(answer.text === '', `${answer.request} without a body`, `${answer.text.length} characters`)
  const type = answer.headers['content-type'] ?? 'no Content-Type'
  must(/^application\/json/i.test(type), `${answer.request} as application/json`, type)
}

async function assertPreflight(target: Target, method: string, path: string): Promise<void> {
  const headers = {
    origin: ORIGIN,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,content-type',
  }
  const answer = await target.call('OPTIONS', path, { as: 'nobody', headers })
  expectStatus(answer, 200, 204)
  assertOrigin(answer)
  assertListed(answer, 'access-control-allow-methods', method)
  assertListed(answer, 'access-control-allow-headers', 'authorization')
}

function assertOrigin({ request, headers }: Answer): void {
  const seen = headers['access-control-allow-origin']
  must(seen === ORIGIN || seen === '*', `${request}: Access-Control-Allow-Origin ${ORIGIN}`, show(seen))
}

function assertListed({ request, headers }: Answer, header: string, wanted: string): void {
  const list = String(headers[header] ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
  // A wildcard never covers Authorization.
  const isListed = list.includes(wanted.toLowerCase()) || (list.includes('*') && wanted !== 'authorization')
  must(isListed, `${request} for ${wanted}: ${header} with ${wanted}`, show(headers[header]))
}

async function assertOpenApi(target: Target): Promise<void> {
  const answer = await target.call('GET', '/openapi.json', { as: 'nobody' })
  expectStatus(answer, 200)
  expectJson(answer)
  const { openapi, paths = {} } = answer.body as { openapi?: unknown; paths?: Record<string, object> }
  must(/^3\.\d+\.\d+$/.test(String(openapi)), 'openapi 3.x', show(openapi))
  const missing = [...listEndpoints(v1), ...listEndpoints(rl)]
    .map(({ endpoint }) => endpoint.meta)
    .filter(({ method, path }) => !(method.toLowerCase() in (paths[path] ?? {})))
  must(
    missing.length === 0,
    'every operation of both documents',
    `no ${missing.map(({ method, path }) => `${method} ${path}`).join(', ')}`,
  )
}
