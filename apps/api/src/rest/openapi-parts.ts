export const DESCRIPTION = `Control deck of trading strategies.

Two published families over one domain: \`/v1\` and the read API below \`/api\`; what neither has is added in the style of \`/v1\`.
Times are ISO 8601 UTC, money is a decimal string in USD, percentages are percent. Each family has its own error format.`

export const SECURITY_SCHEMES = {
  bearerAuth: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The `access_token` of POST /v1/auth/login, or an API key',
  },
  apiKeyAuth: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key of POST /v1/api-keys' },
  refreshToken: { type: 'http', scheme: 'bearer', description: 'The `refresh_token` of the login' },
  signedLink: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description: 'The signed link that an answer named',
  },
} as const

const text = (description: string) => ({ description, schema: { type: 'string' } })
const integer = (description: string) => ({ description, schema: { type: 'integer' } })

export const HEADERS = {
  'X-Request-ID': text("The client's own id, or one made here; `request_id` in errors"),
  'X-RateLimit-Limit': integer('Requests allowed in any 60 seconds'),
  'X-RateLimit-Remaining': integer('Requests left now'),
  'X-RateLimit-Reset': integer('Unix seconds at which the oldest counted request leaves the window'),
  'Retry-After': integer('Seconds until a retry makes sense'),
  'Idempotent-Replayed': text('`true` when this answer is the stored one of an earlier request'),
  Deprecation: text('Since when the operation is deprecated (RFC 9745), `@` and Unix seconds'),
  Sunset: text('From when on the operation may answer no more (RFC 8594)'),
  Link: text('What replaces it: `<path>; rel="successor-version"`'),
  ETag: text('Weak tag of this list'),
}

/** Words for every tag of the contract; a tag without them fails the build of the document. */
export const TAG_WORDS: Record<string, string> = {
  'API keys': 'Keys of programs: scoped, expiring, shown once',
  Account: 'The caller: password, sessions, tickets',
  'Alert rules': 'What becomes of alerts: raised, repeated, escalated',
  Alerts: 'What a person should look at',
  Audit: 'Who did what, when and why',
  Authentication: 'Login, refresh and logout',
  Controls: 'Kill switch and changes of mode',
  Health: 'How the services are',
  'Market data': 'Bars, instruments and the quarantine',
  Metrics: 'The account in numbers',
  Models: 'Health and drift of models',
  Orders: 'Orders, their checks and their fills',
  Performance: 'Performance per strategy',
  Positions: 'What is held',
  Risk: 'Limits and what is left of them',
  'Risk limits': 'What the risk engine holds every order against',
  Runs: 'Backtests and sessions',
  Signals: 'What models say, and what became of it',
  Strategies: 'Strategies and their configuration',
  Sweeps: 'One strategy, many parameter sets',
  Users: 'People and their roles',
  Webhooks: 'Where alerts are sent to, and what became of it',
  'Walk-forward': 'Parameters chosen on one stretch of history and tried on the next',
}

export const ERROR_WORDS: Record<number, string> = {
  400: 'Invalid input',
  401: 'Missing or invalid token',
  403: 'Not allowed',
  404: 'Not found, or not yours to see',
  409: 'Conflict',
  413: 'The body is too large',
  415: 'The body must be application/json',
  422: 'Refused: by risk, or the Idempotency-Key was used with another body',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable for now',
}
