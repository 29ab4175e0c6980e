import { statusIs, type Deviation, type After } from './deviation.ts'

const noHeaders: After = ({ headers }) => {
  for (const name of ['limit', 'remaining', 'reset']) delete headers[`x-ratelimit-${name}`]
}

/** Rate limits. */
export const limits: readonly Deviation[] = [
  { name: 'no rate-limit headers', caughtBy: 'v1.limits.headers', after: noHeaders },
  { name: 'no rate-limit headers in rl', caughtBy: 'rl.limits.headers', after: noHeaders },
  {
    name: 'Reset as seconds left',
    caughtBy: 'v1.limits.headers',
    after: ({ headers }) => (headers['x-ratelimit-reset'] = '42'),
  },
  {
    name: 'Reset in milliseconds',
    caughtBy: 'rl.limits.headers',
    after: ({ headers }) => (headers['x-ratelimit-reset'] += '000'),
  },
  {
    name: 'a Remaining that never falls',
    caughtBy: 'v1.limits.remaining',
    after: ({ headers }) => (headers['x-ratelimit-remaining'] = '99'),
  },
  {
    name: '429 without retry_after',
    caughtBy: 'v1.limits.429',
    after: statusIs(429, ({ body }) => delete body.error.retry_after),
  },
  {
    name: '429 with the shape of other errors',
    caughtBy: 'v1.limits.429',
    after: statusIs(429, ({ body }) => (body.error.details = [])),
  },
  {
    name: '429 without Retry-After',
    caughtBy: 'v1.limits.429',
    after: statusIs(429, ({ headers }) => delete headers['retry-after']),
  },
  {
    name: 'no limit for runs',
    caughtBy: 'v1.limits.429',
    before: (request) => (request.isCounted = request.path !== '/v1/runs'),
  },
  {
    name: 'the limit of reads for controls',
    caughtBy: 'v1.limits.controls',
    after: ({ request, headers }) => {
      if (request.path.startsWith('/v1/controls')) headers['x-ratelimit-limit'] = '100'
    },
  },
]
