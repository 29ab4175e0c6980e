import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { RawClient, type RawAnswer, type RawRequest } from './client.ts'
import { Credentials } from './credentials.ts'
import { converse, type Conversation } from './frames.ts'
import { malformedRequests, type Malformed } from './malformed.ts'
import { Oracle } from './oracle.ts'
import { batchOf, packed, unpacked, type Parcel } from './parcels.ts'
import { Report, type Kind } from './report.ts'
import { requestOf } from './requests.ts'
import type { Hints } from './schema-values.ts'
import { FuzzServer } from './server.ts'
import { judgeRefusal, judgeStream, malformedVisits, validVisits, type Visit } from './stream.ts'
import { doorsOf, isRead, listTargets, type Door, type Target } from './targets.ts'
import { validInputs } from './valid.ts'

/** Per operation. `pnpm test:soak fuzz` sets the long form. */
const MALFORMED = Number(process.env['FUZZ_MALFORMED'] ?? 80)
const VALID = Number(process.env['FUZZ_VALID'] ?? 20)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20260107)
const ONLY = process.env['FUZZ_ONLY']
const isLong = process.env['FUZZ_MALFORMED'] !== undefined
const TIMEOUT_MS = isLong ? 6 * 3_600_000 : 120_000
/** A process, a database and its history, on a machine that may be busy. */
const STARTING_MS = 180_000
/** Between two looks at the tables. */
const CHUNK = 500
/** At once; a valid one meets its likes, as it would outside. */
const LANES = { malformed: 4, valid: 4 }
/** The documented goal. A test run beside others on a small machine is not the place to measure it. */
const LONGEST_STALL_MS = 200
/** Five wrong passwords close the door for a quarter of an hour: the clock goes on now and then. */
const THROTTLED = /^(?:login|confirm_password|change_password|session\.login)$/
const TRIES = 25
const PAUSE_MS = 16 * 60_000

/** The stream's name among the operations, and how many listen at once: each takes its time to be silent. */
const STREAM = 'ws/trading-signals'
const VISITORS = 16

const ALL = listTargets()
/** Reads first: what writes make only slows them down. */
const TARGETS = ALL.filter(({ id }) => ONLY === undefined || ONLY.split(',').includes(id)).sort(
  (a, b) => Number(isRead(b)) - Number(isRead(a)),
)
const CASES = TARGETS.map((target, index) => [target.id, target, index] as const)

interface Lot {
  door: Door
  size: number
  seed: number
}

/** Half of the requests through each door, in lots; which door is first alternates from operation to operation. */
function lotsOf(target: Target, index: number, total: number): Lot[] {
  const doors = doorsOf(target)
  const inTurn = index % 2 === 0 ? doors : doors.toReversed()
  return inTurn.flatMap((door, turn) => {
    const share = Math.floor(total / doors.length) + (turn < total % doors.length ? 1 : 0)
    return Array.from({ length: Math.ceil(share / CHUNK) }, (_, lot) => {
      return { door, size: Math.min(CHUNK, share - lot * CHUNK), seed: SEED + lot }
    })
  })
}

const shown = ({ method, path, headers, body }: RawRequest) =>
  `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${String(body ?? '').slice(0, 300)}`

describe(`generated requests (FUZZ_SEED=${SEED})`, () => {
  let server: FuzzServer
  let client: RawClient
  let credentials: Credentials
  let hints: Hints
  const oracle = new Oracle()
  const report = new Report()

  /** What has been opened, last first. */
  const closing: (() => Promise<void> | void)[] = []

  beforeAll(async () => {
    server = await FuzzServer.start()
    closing.unshift(() => server.close())
    const { url } = await server.remote.begin()
    hints = await server.remote.hints()
    client = new RawClient(url)
    closing.unshift(() => client.close())
    credentials = new Credentials(server)
  }, STARTING_MS)
  afterAll(async () => {
    for (const close of closing) await close()
    const lines = isLong ? report.lines() : report.lines().slice(-4)
    console.log(`fuzz, seed ${SEED}:\n${lines.join('\n')}`)
  })

  /** Sends all, several at once, tRPC's malformed ones partly in batches. @returns what was wrong */
  async function sendAll(
    target: Target,
    { door }: Lot,
    kind: Kind,
    requests: readonly Malformed[],
  ): Promise<string[]> {
    const alone = requests.map((request) => ({ requests: [request], isBatch: false }))
    const parcels = kind === 'malformed' ? packed(target, requests) : alone
    const problems: string[] = []
    let next = 0
    const lane = async () => {
      for (let parcel = parcels[next++]; parcel !== undefined; parcel = parcels[next++]) {
        problems.push(...(await deliver(target, door, kind, parcel)))
      }
    }
    await Promise.all(Array.from({ length: LANES[kind] }, lane))
    const errors = await server.remote.takeErrors()
    return [...problems, ...errors.map((line) => `logged ${line.slice(0, 1_500)}`)]
  }

  async function deliver(
    target: Target,
    door: Door,
    kind: Kind,
    parcel: Parcel<Malformed>,
  ): Promise<string[]> {
    const { requests, isBatch } = parcel
    const [first] = requests
    if (first === undefined) return []
    const request = isBatch ? batchOf(target, requests) : first
    try {
      const headers = await credentials.headersFor(target, kind === 'valid')
      const answer = await client.send({ ...request, headers: { ...headers, ...request.headers } })
      const answers = isBatch ? unpacked(answer, requests.length) : [answer]
      if (answers === null) return [`${shown(request)}\n  -> ${answer.status} ${answer.text.slice(0, 300)}`]
      return answers.flatMap((one, index) => judge(target, door, kind, requests[index] ?? first, one))
    } catch (error) {
      return [`${shown(request)}\n  -> ${String(error)}`]
    }
  }

  function judge(target: Target, door: Door, kind: Kind, request: Malformed, answer: RawAnswer): string[] {
    const { status, wrong } = oracle.judge(target, door, answer)
    report.count(target.id, kind, door, status)
    if (status === 401) credentials.forget()
    const isRefused = status >= 400 && status !== 401 && status !== 429
    const isAccepted = kind === 'malformed' && request.isIgnored !== true && !isRefused
    const problem = wrong ?? (isAccepted ? `answered ${status}` : null)
    return problem === null
      ? []
      : [`${door} ${shown(request)}\n  -> ${problem}: ${answer.text.slice(0, 300)}`]
  }

  async function timed(target: Target, work: () => Promise<void>): Promise<void> {
    await server.remote.takeStall()
    const startedAt = performance.now()
    try {
      await work()
    } finally {
      report.finish(target.id, (performance.now() - startedAt) / 1000, await server.remote.takeStall())
      if (isLong) process.stderr.write(`${new Date().toISOString()} ${report.line(target.id)}\n`)
    }
  }

  it('has every operation of the document and every procedure of the dashboard', () => {
    const ids = ALL.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(oracle.operationIds.filter((id) => !ids.includes(id))).toEqual([])
    const others = ids.filter((id) => !oracle.operationIds.includes(id))
    expect(others.every((id) => /^(?:session|stream)\./.test(id))).toBe(true)
  })

  it.each(CASES)(
    'malformed: %s refuses it in its own words and changes nothing',
    { timeout: TIMEOUT_MS },
    async (_id, target, index) => {
      await timed(target, async () => {
        let before = await server.remote.digest()
        for (const lot of lotsOf(target, index, MALFORMED)) {
          const { door, seed, size } = lot
          const requests = fc.sample(malformedRequests(target, door, { hints, seed }), {
            numRuns: size,
            seed,
          })
          const { opened } = credentials
          expect(await sendAll(target, lot, 'malformed', requests)).toEqual([])
          const after = await server.remote.digest()
          const isSame = (table: string) =>
            after[table] === before[table] || (credentials.opened > opened && OPENING.includes(table))
          expect(Object.keys(after).filter((table) => !isSame(table))).toEqual([])
          before = after
        }
      })
    },
  )

  it.each(CASES)(
    'valid: %s answers within the document',
    { timeout: TIMEOUT_MS },
    async (_id, target, index) => {
      if (!isRead(target)) {
        await server.remote.release()
        hints = await server.remote.hints()
      }
      await timed(target, async () => {
        for (const lot of lotsOf(target, index, VALID)) {
          const inputs = fc.sample(validInputs(target, hints), { numRuns: lot.size, seed: lot.seed })
          const requests = inputs.map((input) => requestOf(target, lot.door, input))
          const size = THROTTLED.test(target.id) ? TRIES : CHUNK
          for (let start = 0; start < requests.length; start += size) {
            expect(await sendAll(target, lot, 'valid', requests.slice(start, start + size))).toEqual([])
            if (size !== TRIES) continue
            await server.remote.advance(PAUSE_MS)
            credentials.forget()
          }
        }
      })
    },
  )

  /** The literal stream is no operation of the document, and is asked as often as if it were. */
  it.runIf(ONLY === undefined || ONLY.split(',').includes(STREAM))(
    'the stream refuses malformed handshakes, and hostile words end nothing but the connection',
    { timeout: TIMEOUT_MS },
    async () => {
      await server.remote.takeStall()
      const startedAt = performance.now()
      const before = await server.remote.digest()
      const token = await server.remote.enter('admin')
      await server.remote.settle()
      const opened = await server.remote.digest()
      const isKept = async () => expect(await server.remote.digest()).toEqual(opened)
      expect(Object.keys(before)).toEqual(Object.keys(opened))
      await visitAll('malformed', malformedVisits(token), MALFORMED, judgeRefusal)
      await isKept()
      await visitAll('valid', validVisits(token), VALID, judgeStream)
      expect(await server.remote.takeErrors()).toEqual([])
      report.finish(STREAM, (performance.now() - startedAt) / 1000, await server.remote.takeStall())
    },
  )

  async function visitAll(
    kind: Kind,
    visits: fc.Arbitrary<Visit>,
    numRuns: number,
    judgeVisit: (conversation: Conversation) => string | null,
  ): Promise<void> {
    const port = Number(new URL(client.url).port)
    const all = fc.sample(visits, { numRuns, seed: SEED })
    const problems: string[] = []
    let next = 0
    const lane = async () => {
      for (let visit = all[next++]; visit !== undefined; visit = all[next++]) {
        const words = visit.bytes.map((part) => part.toString('hex').slice(0, 80)).join(' ')
        const conversation = await converse(port, visit.handshake, visit.bytes).catch(String)
        const problem = typeof conversation === 'string' ? conversation : judgeVisit(conversation)
        if (typeof conversation !== 'string') report.count(STREAM, kind, 'rest', conversation.status)
        if (problem !== null) problems.push(`${visit.handshake.slice(0, 300)} ${words}\n  -> ${problem}`)
      }
    }
    await Promise.all(Array.from({ length: VISITORS }, lane))
    expect(problems).toEqual([])
  }

  it('is still the process that was started', async () => {
    expect(server.hasEnded).toBe(false)
    expect((await client.send({ method: 'GET', path: '/healthz', headers: {} })).status).toBe(200)
  })

  it.runIf(isLong)('never held its loop up for long', () => {
    const { id, stall } = report.worst
    expect(stall.ms, `${id}, after ${stall.after.join(', ')}`).toBeLessThan(LONGEST_STALL_MS)
  })
})

/** What opening a session writes. */
const OPENING = ['audit_log', 'login_links', 'outbox', 'refresh_tokens', 'sessions']
