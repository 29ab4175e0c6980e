import { endpoint } from '@quantdeck/contracts'
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

import { implement } from '../trpc/implement.ts'
import { router } from '../trpc/init.ts'
import { registerBridge, type BridgeParts } from './bridge.ts'
import { buildOpenApiDocument } from './openapi.ts'

const leaving = endpoint(
  {
    method: 'GET',
    path: '/v1/leaving',
    summary: 'An endpoint that will go',
    tags: ['Health'],
    access: { role: 'public' },
    rateLimit: 'none',
    operationId: 'get_leaving',
    deprecated: { since: '2026-01-07', sunset: '2026-07-07', successor: '/v2/leaving' },
  },
  z.object({}),
  z.object({ ok: z.boolean() }),
)
const staying = endpoint(
  { ...leaving.meta, path: '/v1/staying', operationId: 'get_staying', deprecated: undefined },
  z.object({}),
  z.object({ ok: z.boolean() }),
)
const fixture = router({
  leaving: implement(leaving, () => ({ ok: true })),
  staying: implement(staying, () => ({ ok: true })),
})

describe('a deprecated endpoint', () => {
  it('says in every answer since when, until when, and what replaces it', async () => {
    const app = Fastify()
    // Only the guard looks at the parts, and a public endpoint without a limit needs none of them.
    registerBridge(app, {
      router: fixture,
      deps: {},
      origins: { isAllowed: () => true },
    } as unknown as BridgeParts)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const headersOf = async (path: string) => Object.fromEntries((await fetch(url + path)).headers)
    for (const path of ['/v1/leaving', '/v1/leaving?x=1']) {
      expect(await headersOf(path)).toMatchObject({
        deprecation: '@1767744000',
        sunset: 'Tue, 07 Jul 2026 00:00:00 GMT',
        link: '</v2/leaving>; rel="successor-version"',
      })
    }
    expect(
      Object.keys(await headersOf('/v1/staying')).filter((name) => /deprecation|sunset|link/.test(name)),
    ).toEqual([])
    await app.close()
  })

  it('is marked so in the document, with its headers', () => {
    const document = buildOpenApiDocument(fixture)
    const { get } = document.paths['/v1/leaving'] ?? {}
    expect(get).toMatchObject({ deprecated: true })
    expect(get?.['description']).toContain('Deprecated since 2026-01-07')
    expect(Object.keys(get?.responses['200']?.['headers'] as object)).toEqual(
      expect.arrayContaining(['Deprecation', 'Sunset', 'Link']),
    )
    expect(document.paths['/v1/staying']?.['get']?.['deprecated']).toBeUndefined()
  })
})
