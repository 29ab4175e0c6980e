import { AppError } from '@quantdeck/domain'
import fastify, { type FastifyInstance } from 'fastify'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerDashboard } from '../src/rest/static.ts'

let root: string
let app: FastifyInstance

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'quantdeck-web-'))
  for (const folder of ['assets', '.vite']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'index.html'), '<title>deck</title>')
  writeFileSync(join(root, 'assets', 'deck-1a2b.js'), 'export {}')
  writeFileSync(join(root, '.vite', 'manifest.json'), '{}')
  app = fastify()
  app.setErrorHandler((error, _request, reply) => reply.code(error instanceof AppError ? 404 : 500).send())
  const answer = await registerDashboard(app, root)
  app.setNotFoundHandler(answer)
})

afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

async function get(url: string, accept = '*/*'): Promise<[number, unknown, string]> {
  const { statusCode, headers, body } = await app.inject({ url, headers: { accept } })
  return [statusCode, headers['cache-control'], body]
}

describe('the files of the dashboard', () => {
  it('are served, those with a hash in their name for good', async () => {
    expect(await get('/assets/deck-1a2b.js')).toEqual([
      200,
      'public, max-age=31536000, immutable',
      'export {}',
    ])
    expect(await get('/')).toEqual([200, 'no-cache', '<title>deck</title>'])
  })

  it('do not include what a dot hides', async () => {
    for (const path of ['/.vite/manifest.json', '/.vite%2Fmanifest.json', '/assets/../.vite/manifest.json']) {
      expect([path, ...(await get(path))]).toEqual([path, 404, undefined, ''])
    }
  })

  it('have their page for every address that a person opens, and for no other request', async () => {
    expect(await get('/orders?page=2', 'text/html')).toEqual([200, 'no-cache', '<title>deck</title>'])
    expect(await get('/orders')).toEqual([404, undefined, ''])
  })
})
