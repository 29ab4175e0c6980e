import { listRoutes } from '../../src/rest/bridge.ts'
import { appRouter } from '../../src/trpc/router.ts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { RawClient, type RawRequest } from './client.ts'
import { Oracle } from './oracle.ts'
import {
  malformedRequests,
  requestOf,
  validInputs,
  type Door,
  type Malformed,
  type Target,
} from './requests.ts'
import { FuzzState } from './state.ts'

/** Per operation. `pnpm test:soak fuzz` sets the long form. */
const MALFORMED = Number(process.env['FUZZ_MALFORMED'] ?? 80)
const VALID = Number(process.env['FUZZ_VALID'] ?? 20)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20260107)
const ONLY = process.env['FUZZ_ONLY']
const isLong = process.env['FUZZ_MALFORMED'] !== undefined
const TIMEOUT_MS = isLong ? 6 * 3_600_000 : 120_000
/** Between two looks at the tables. */
const CHUNK = 500

/** Reads first: what writes make only slows them down. Sessions last: they end some. */
const TARGETS: Target[] = listRoutes(appRouter)
  .map(({ name, endpoint }) => ({ name, endpoint }))
  .filter(({ endpoint }) => ONLY === undefined || ONLY.split(',').includes(endpoint.meta.operationId))
  .sort((a, b) => Number(a.endpoint.meta.method !== 'GET') - Number(b.endpoint.meta.method !== 'GET'))

/** Half of the requests through each door; which goes first alternates from operation to operation. */
const doorsOf = (index: number): Door[] => (index % 2 === 0 ? ['rest', 'trpc'] : ['trpc', 'rest'])

const shown = ({ method, path, headers, body }: RawRequest) =>
  `${method} ${path.slice(0, 300)} ${JSON.stringify({ ...headers, authorization: undefined })} ${String(body ?? '').slice(0, 300)}`

describe(`generated requests (FUZZ_SEED=${SEED})`, () => {
  let state: FuzzState
  let client: RawClient
  const oracle = new Oracle()
  const statuses = new Map<number, number>()

  beforeAll(async () => {
    state = await FuzzState.start()
    client = new RawClient(state.api.url)
  })
  afterAll(async () => {
    client.close()
    await state.close()
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
    const total = [...statuses.values()].reduce((sum, count) => sum + count, 0)
    console.log(`fuzz: ${TARGETS.length} operations, ${total} requests, seed ${SEED}; ${counts.join(', ')}`)
  })

  async function send(
    target: Target,
    door: Door,
    request: Malformed,
  ): Promise<{ status: number; wrong: string | null }> {
    const authorization = `Bearer ${await state.tokenFor(target)}`
    const answer = await client.send({ ...request, headers: { ...request.headers, authorization } })
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const wrong = oracle.judge(target, door, answer)
    const logged = state.takeLog(answer.status >= 500)
    return {
      status: answer.status,
      wrong: wrong === null ? null : `${wrong}: ${answer.text.slice(0, 300)}${logged}`,
    }
  }

  async function refuseAll(target: Target, door: Door, requests: readonly Malformed[]): Promise<string[]> {
    const problems: string[] = []
    for (const request of requests) {
      const { status, wrong } = await send(target, door, request)
      const isJudged = status >= 400 && status !== 401 && status !== 429
      const isAccepted = request.isIgnored !== true && !isJudged
      const problem = wrong ?? (isAccepted ? `answered ${status}` : null)
      if (problem !== null) problems.push(`${door} ${shown(request)}\n  -> ${problem}`)
    }
    return problems
  }

  const counts = (total: number) => [Math.ceil(total / 2), Math.floor(total / 2)] as const
  const progress = (done: string) => {
    if (isLong) process.stderr.write(`fuzz ${new Date().toISOString()} ${done}\n`)
  }

  it.each(TARGETS.map((target, index) => [target.endpoint.meta.operationId, target, index] as const))(
    'malformed: %s refuses it in its own words and changes nothing',
    { timeout: TIMEOUT_MS },
    async (id, target, index) => {
      let before = await state.fingerprint()
      for (const [turn, door] of doorsOf(index).entries()) {
        const all = fc.sample(malformedRequests(target, door, state.hints), {
          numRuns: counts(MALFORMED)[turn] ?? 0,
          seed: SEED,
        })
        for (let start = 0; start < all.length; start += CHUNK) {
          const chunk = all.slice(start, start + CHUNK)
          expect(await refuseAll(target, door, chunk)).toEqual([])
          const after = await state.fingerprint()
          // Entering for the requests that end sessions makes some.
          if (target.name.startsWith('deck.session') || target.name.includes('auth.')) before = after
          expect(after, `${door} ${shown(chunk[0] as RawRequest)} and following`).toBe(before)
        }
      }
      progress(`malformed ${id}: ${MALFORMED}`)
    },
  )

  it.each(TARGETS.map((target, index) => [target.endpoint.meta.operationId, target, index] as const))(
    'valid: %s answers within the document',
    { timeout: TIMEOUT_MS },
    async (id, target, index) => {
      const problems: string[] = []
      for (const [turn, door] of doorsOf(index).entries()) {
        const inputs = fc.sample(validInputs(target, state.hints), {
          numRuns: counts(VALID)[turn] ?? 0,
          seed: SEED,
        })
        for (const input of inputs) {
          const request = requestOf(target, door, input)
          const { status, wrong } = await send(target, door, request)
          if (status === 401) await state.reopen()
          if (wrong !== null) problems.push(`${door} ${shown(request)}\n  -> ${wrong}`)
        }
      }
      expect(problems).toEqual([])
      progress(`valid ${id}: ${VALID}`)
    },
  )
})
