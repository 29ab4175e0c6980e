import type { Exchange, Request } from '../answer.ts'
import { statusIs, type Deviation } from './deviation.ts'

const isV1 = ({ request }: Exchange) => !request.path.startsWith('/api')

/** Refusals. */
export const errors: readonly Deviation[] = [
  {
    name: '422 instead of 400',
    caughtBy: 'v1.errors.missing-field',
    after: statusIs(400, (exchange) => (exchange.status = 422)),
  },
  {
    name: 'an HTML error page',
    caughtBy: 'v1.errors.unknown-path',
    after: statusIs(404, (exchange) => {
      exchange.headers['content-type'] = 'text/html'
      exchange.body = '<h1>Not Found</h1>'
    }),
  },
  {
    name: '404 of rl in the v1 format',
    caughtBy: 'rl.errors.unknown-path',
    after: statusIs(404, (exchange) => {
      exchange.body = { error: { code: 'NOT_FOUND', message: 'x', details: [] }, request_id: 'x' }
    }),
  },
  {
    name: '404 of v1 in the rl format',
    caughtBy: 'v1.errors.unknown-path',
    after: statusIs(404, (exchange) => {
      exchange.body = { error: 'NOT_FOUND', message: 'x', timestamp: '2026-01-07T16:30:00Z' }
    }),
  },
  {
    name: 'errors of v1 without request_id',
    caughtBy: 'v1.errors.unknown-id',
    after: statusIs(404, (exchange) => {
      if (isV1(exchange)) delete exchange.body.request_id
    }),
  },
  {
    name: 'an unknown id is a bad request',
    caughtBy: 'v1.errors.unknown-id',
    after: statusIs(404, (exchange) => {
      if (exchange.operation !== null) exchange.status = 400
    }),
  },
  {
    name: '405 without Allow',
    caughtBy: 'v1.errors.method',
    after: statusIs(405, ({ headers }) => delete headers['allow']),
  },
  {
    name: 'an Allow that forgets PATCH',
    caughtBy: 'v1.errors.method',
    after: statusIs(405, ({ headers }) => (headers['allow'] = 'GET')),
  },
  {
    name: '404 for a wrong method',
    caughtBy: 'rl.errors.method',
    after: statusIs(405, (exchange) => (exchange.status = 404)),
  },
  {
    name: 'INVALID_PERIOD without the allowed ones',
    caughtBy: 'rl.performance.invalid-period',
    after: statusIs(400, ({ body }) => delete body.details?.allowed),
  },
  {
    name: 'INVALID_PERIOD in other words',
    caughtBy: 'rl.performance.invalid-period',
    after: statusIs(400, ({ body }) => (body.message = 'Unknown period')),
  },
  {
    name: 'an empty rl period is the default',
    caughtBy: 'rl.performance.empty-period',
    before: dropEmpty,
  },
  { name: 'an empty parameter is none', caughtBy: 'v1.errors.empty-parameter', before: dropEmpty },
  {
    name: 'an unknown parameter is refused',
    caughtBy: 'v1.errors.unknown-parameter',
    after: (exchange) => {
      if (exchange.request.query.has('contract-check-nonsense')) exchange.status = 400
    },
  },
  {
    name: 'malformed JSON is a server error',
    caughtBy: 'v1.errors.malformed-json',
    after: (exchange) => {
      if (exchange.body?.error?.code === 'INVALID_JSON') exchange.status = 500
    },
  },
  {
    name: 'another content type is a bad request',
    caughtBy: 'v1.errors.content-type',
    after: statusIs(415, (exchange) => (exchange.status = 400)),
  },
  {
    name: 'a large body is a bad request',
    caughtBy: 'v1.errors.too-large',
    after: statusIs(413, (exchange) => (exchange.status = 400)),
  },
  {
    name: 'an unknown body key is ignored',
    caughtBy: 'v1.errors.unknown-key',
    before: (request) => (request.text = request.text.replace(/,?"contract-check-nonsense":1/, '')),
  },
  {
    name: 'the request id is always ours',
    caughtBy: 'v1.errors.request-id',
    before: ({ headers }) => delete headers['x-request-id'],
  },
  {
    name: 'any request id is echoed',
    caughtBy: 'v1.errors.request-id',
    after: ({ headers, request }) => (headers['x-request-id'] = request.headers['x-request-id'] ?? 'x'),
  },
  {
    name: 'rl echoes no request id',
    caughtBy: 'rl.errors.request-id',
    after: ({ headers }) => delete headers['x-request-id'],
  },
  {
    name: 'a GET must not name a content type',
    caughtBy: 'v1.errors.get-with-content-type',
    after: refuseTyped,
  },
  {
    name: 'an rl GET must not name a content type',
    caughtBy: 'rl.errors.get-with-content-type',
    after: refuseTyped,
  },
]

function dropEmpty({ query }: Request): void {
  for (const [name, value] of [...query]) if (value === '') query.delete(name)
}

function refuseTyped(exchange: Exchange): void {
  if (exchange.request.method === 'GET' && exchange.request.headers['content-type'] !== undefined)
    exchange.status = 415
}
