import { v1, v1RateLimitError } from '@quantdeck/contracts'
import { type Check, CheckFailure, must, show } from '../check.ts'
import { expectJson, expectShape, expectStatus } from '../expect.ts'
import type { Answer } from '../http.ts'
import type { Target } from '../target.ts'

/** Requests a minute, as the v1 document writes them. */
const LIMITS = { dashboard: 100, controls: 10, runs: 5 } as const
/** Far more than any clock is wrong: a Reset outside of it is no Unix time in seconds. */
const MOST_SECONDS = 86_400

export const LIMIT_CHECKS: Check[] = [
  {
    id: 'v1.limits.headers',
    family: 'v1',
    title:
      '/metrics, /strategies and /positions say their 100 a minute, what remains, and when in Unix seconds',
    run: async (target) => {
      for (const path of ['/v1/metrics/summary', '/v1/strategies', '/v1/positions']) {
        assertLimitHeaders(await target.call('GET', path), LIMITS.dashboard)
      }
    },
  },
  {
    id: 'rl.limits.headers',
    family: 'rl',
    title: 'rl answers say their 100 a minute, what remains, and when in Unix seconds',
    run: async (target) => {
      const answer = await target.call('GET', '/api/positions', { as: await target.rlCaller() })
      assertLimitHeaders(answer, LIMITS.dashboard)
    },
  },
  {
    id: 'v1.limits.remaining',
    family: 'v1',
    title: 'each request leaves less of the limit',
    run: async (target) => {
      // The window slides: between two requests older ones may leave it. So one pair of several has to show less.
      const seen: number[] = []
      for (let sent = 0; sent < REMAINING_SAMPLES; sent += 1) {
        seen.push(Number((await target.call('GET', '/v1/strategies')).headers['x-ratelimit-remaining']))
      }
      const falls = seen.some((remaining, index) => index > 0 && remaining < (seen[index - 1] ?? 0))
      must(
        falls && seen.every((remaining) => remaining < LIMITS.dashboard),
        'less remaining after a request',
        seen.join(', '),
      )
    },
  },
  {
    id: 'v1.limits.429',
    family: 'v1',
    title:
      "the sixth POST /v1/runs of a minute is the document's literal 429, with Retry-After and retry_after",
    needs: ['writes'],
    run: async (target) => assert429(await exhaustRuns(target)),
  },
  {
    id: 'v1.limits.controls',
    family: 'v1',
    title: '/v1/controls says its 10 a minute',
    needs: ['writes'],
    run: async (target) => {
      // Refused for its missing fields: nothing is switched.
      const answer = await target.call('POST', v1.controls.killSwitch.meta.path, { body: {} })
      expectStatus(answer, 400)
      assertLimitHeaders(answer, LIMITS.controls)
    },
  },
]

const REMAINING_SAMPLES = 5

/** Requests without fields: they count, and start nothing. */
async function exhaustRuns(target: Target): Promise<Answer> {
  for (let sent = 1; sent <= LIMITS.runs + 1; sent += 1) {
    const answer = await target.call('POST', v1.runs.create.meta.path, { body: {}, on429: 'answer' })
    if (answer.status === 429) return answer
    expectStatus(answer, 400)
    assertLimitHeaders(answer, LIMITS.runs)
  }
  throw new CheckFailure(
    `429 after ${LIMITS.runs} POST /v1/runs within a minute`,
    `${LIMITS.runs + 1} answers of 400`,
  )
}

function assert429(answer: Answer): void {
  expectJson(answer)
  expectShape(answer.body, v1RateLimitError, answer.request)
  const { error } = answer.body as { error: { message: string; retry_after: number } }
  const { retry_after: seconds } = error
  must(seconds >= 1 && seconds <= 60, 'retry_after from 1 to 60 seconds', String(seconds))
  const message = `Too many requests. Try again in ${seconds} seconds.`
  must(error.message === message, `message ${show(message)}`, show(error.message))
  const extra = Object.keys(error).filter((key) => !['code', 'message', 'retry_after'].includes(key))
  must(extra.length === 0, 'error with code, message and retry_after only', `also ${extra.join(', ')}`)
  const header = answer.headers['retry-after']
  must(header === String(seconds), `Retry-After ${seconds}`, show(header))
  assertLimitHeaders(answer, LIMITS.runs)
  const remaining = answer.headers['x-ratelimit-remaining']
  must(remaining === '0', 'X-RateLimit-Remaining 0 on a 429', show(remaining))
}

function assertLimitHeaders({ request, headers }: Answer, limit: number): void {
  const number = (name: string) => {
    const text = headers[`x-ratelimit-${name.toLowerCase()}`]
    must(/^\d+$/.test(String(text)), `${request}: X-RateLimit-${name} as a whole number`, show(text))
    return Number(text)
  }
  must(number('Limit') === limit, `${request}: X-RateLimit-Limit ${limit}`, String(number('Limit')))
  must(
    number('Remaining') < limit,
    `${request}: X-RateLimit-Remaining below ${limit}`,
    String(number('Remaining')),
  )
  const reset = number('Reset')
  const now = Date.parse(headers.date ?? '') / 1000
  const isNear = Number.isNaN(now)
    ? reset > 1_500_000_000 && reset < 10_000_000_000
    : Math.abs(reset - now) < MOST_SECONDS
  must(isNear, `${request}: X-RateLimit-Reset as Unix seconds, near Date`, String(reset))
}
