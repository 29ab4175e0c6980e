import { listEndpoints, v1, rl, type EndpointTree } from '@quantdeck/contracts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'

import { appRouter } from '../trpc/router.ts'
import { listRoutes } from './bridge.ts'
import { buildOpenApiDocument } from './openapi.ts'

const document = buildOpenApiDocument(appRouter)

interface Operation {
  operationId: string
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }>; headers?: object }>
  security: object[]
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> }
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation: operation as unknown as Operation,
  })),
)

describe('the OpenAPI document', () => {
  it('holds every route of REST and nothing else', () => {
    const routes = listRoutes(appRouter).map(({ endpoint: { meta } }) => `${meta.method} ${meta.path}`)
    expect(operations.map(({ name }) => name).sort()).toEqual(routes.sort())
  })

  it('has unique snake_case operation ids', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(id))).toEqual([])
  })

  it('has a likely example wherever any integer would do', () => {
    const open: unknown[] = []
    JSON.stringify(document, (_key, value: unknown) => {
      const { type, maximum, example, default: usual } = (value ?? {}) as Record<string, unknown>
      if (type === 'integer' && maximum === Number.MAX_SAFE_INTEGER) open.push(example ?? usual)
      return value
    })
    expect(open.length).toBeGreaterThan(50)
    expect(open.filter((value) => typeof value !== 'number' || value > 1_000_000)).toEqual([])
  })

  it('points to schemas and headers that exist', () => {
    const missing = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)]
      .filter(([, kind = '', name = '']) => {
        const parts = document.components[kind] as Record<string, unknown> | undefined
        return parts?.[name] === undefined
      })
      .map(([reference]) => reference)
    expect(missing).toEqual([])
  })

  it("keeps each family's own error format", () => {
    for (const { name, path, operation } of operations) {
      const schema = operation.responses['500']?.content?.['application/json']?.schema
      const family = path.startsWith('/api') ? 'RlError' : 'V1Error'
      expect([name, schema]).toEqual([name, { $ref: `#/components/schemas/${family}` }])
    }
  })

  it('states what the documents state: 202 for a backtest and posted signals, 503 for a sick house', () => {
    const statuses = (path: string, method: string) =>
      Object.keys((document.paths[path]?.[method] as unknown as Operation | undefined)?.responses ?? {})
    expect(statuses('/api/signals', 'post')).toContain('202')
    expect(statuses('/api/signals', 'post')).not.toContain('200')
    expect(statuses('/v1/health', 'get')).toEqual(expect.arrayContaining(['200', '401', '429', '503']))
    expect(statuses('/v1/auth/login', 'post')).toEqual(
      expect.arrayContaining(['200', '400', '401', '413', '415', '429']),
    )
  })

  it('has schemas that ajv accepts', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'document', ...document })
    for (const name of Object.keys(document.components.schemas)) {
      expect(() => ajv.compile({ $ref: `document#/components/schemas/${name}` })).not.toThrow()
    }
  })
})

describe('the router', () => {
  it.each(Object.entries({ v1, rl } as Record<string, EndpointTree>))(
    'carries at each %s path the very endpoint that the contract has there',
    (family, tree) => {
      const carried = new Map(listRoutes(appRouter).map(({ name, endpoint }) => [name, endpoint]))
      const wrong = listEndpoints(tree)
        .filter(({ name }) => carried.has(`${family}.${name}`))
        .filter(({ name, endpoint }) => carried.get(`${family}.${name}`) !== endpoint)
      expect(wrong).toEqual([])
    },
  )
})
