import type { Exchange } from '../answer.ts'
import { statusIs, type Deviation } from './deviation.ts'

const noHead = (exchange: Exchange) => {
  if (exchange.request.method === 'HEAD') exchange.status = 405
}

/** HEAD, origins and the documents. */
export const transport: readonly Deviation[] = [
  { name: 'no HEAD', caughtBy: 'v1.http.head', after: noHead },
  { name: 'no HEAD in rl', caughtBy: 'rl.http.head', after: noHead },
  {
    name: 'a preflight without PATCH',
    caughtBy: 'v1.http.cors',
    after: statusIs(204, ({ headers }) => (headers['access-control-allow-methods'] = 'GET, POST')),
  },
  {
    name: 'no origin is allowed',
    caughtBy: 'rl.http.cors',
    after: ({ headers }) => delete headers['access-control-allow-origin'],
  },
  {
    name: 'an OpenAPI document without acknowledge',
    caughtBy: 'v1.docs.openapi',
    after: ({ request, body }) => {
      if (request.path === '/openapi.json') delete body.paths['/v1/alerts/{alert_id}/acknowledge']
    },
  },
  ...['docs', 'redoc'].map((page): Deviation => ({
    name: `no /${page}`,
    caughtBy: `v1.docs.${page}`,
    after: (exchange) => {
      if (exchange.request.path === `/${page}`) exchange.status = 404
    },
  })),
]
