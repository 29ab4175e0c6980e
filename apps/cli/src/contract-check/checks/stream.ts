import { rl, rlError, STREAM_PATH } from '@quantdeck/contracts'
import { type Check, CheckSkip, must, show } from '../check.ts'
import { expectAnswer, expectShape } from '../expect.ts'
import { StreamClient, type StreamMessage } from '../stream-client.ts'
import type { Target } from '../target.ts'

const FIRST_MS = 5_000
/** A replay is at its end when nothing came for so long. */
const QUIET_MS = 400
/** A server that sends a signal within it can be held to repeat that very one. */
const LIVE_MS = 1_000

export const STREAM_CHECKS: Check[] = [
  {
    id: 'stream.connect',
    family: 'stream',
    title: `WS ${STREAM_PATH} connects, and what it sends first has the document's shape`,
    run: (target) => using(target, '', async (client) => void (await first(client))),
  },
  {
    id: 'stream.market-status-first',
    family: 'stream',
    title: 'the current market_status comes first',
    run: (target) =>
      using(target, '', async (client) => {
        const { type } = await first(client)
        must(type === 'market_status', 'a market_status message first', show(type))
      }),
  },
  {
    id: 'stream.ping',
    family: 'stream',
    title: 'a text ping is answered with the bare text pong',
    run: (target) =>
      using(target, '', async (client) => {
        client.send('ping')
        const pong = await client.waitFor(({ texts }) => texts.find((text) => text === 'pong'), FIRST_MS)
        must(pong !== null, 'the text pong after ping', show(client.texts.at(-1)))
      }),
  },
  {
    id: 'stream.heartbeat',
    family: 'stream',
    title: 'a heartbeat comes within its 30 s, and counts this client',
    needs: ['time'],
    run: (target) => using(target, '', (client) => waitForHeartbeat(target, client)),
  },
  {
    id: 'stream.snapshot',
    family: 'stream',
    title: '?snapshot=1 adds the latest signal of each strategy',
    run: (target) => using(target, '?snapshot=1', (client) => assertSnapshot(target, client)),
  },
  {
    id: 'stream.no-snapshot',
    family: 'stream',
    title: 'without snapshot and since no old signal is sent',
    run: (target) =>
      using(target, '', async (client) => {
        const { timestamp } = await first(client)
        await quiet(client)
        const old = client.messages().find((message) => isOldSignal(message, timestamp))
        must(old === undefined, 'live signals only', show(old))
      }),
  },
  {
    id: 'stream.since',
    family: 'stream',
    title: '?since replays what came after that sequence, in order, exclusive',
    run: assertReplay,
  },
  {
    id: 'stream.since-invalid',
    family: 'stream',
    title: 'an invalid since is refused with 400 before the upgrade, in the rl format',
    run: async (target) => {
      for (const since of ['abc', '-1', '1.5', '']) {
        await assertRefused(target, `${STREAM_PATH}?since=${since}`, 400, 'VALIDATION_ERROR')
      }
    },
  },
  {
    id: 'stream.unknown-path',
    family: 'stream',
    title: 'an upgrade of an unknown path under /ws is 404 in the rl format',
    run: (target) => assertRefused(target, '/ws/contract-check-nonsense', 404, 'NOT_FOUND'),
  },
]

async function using(
  target: Target,
  query: string,
  work: (client: StreamClient) => Promise<void>,
): Promise<void> {
  const client = await StreamClient.open(target, query)
  try {
    await work(client)
    // Whatever else came in the meantime must have its shape too.
    client.messages()
  } finally {
    client.close()
  }
}

async function first(client: StreamClient): Promise<StreamMessage> {
  const message = await client.waitFor((one) => one.messages()[0], FIRST_MS)
  must(message !== null, `a message within ${FIRST_MS / 1000} s`, 'none')
  return message
}

/** Waits until nothing but heartbeats comes any more, or for as long as a busy server may be given. */
async function quiet(client: StreamClient): Promise<void> {
  const endsAt = performance.now() + FIRST_MS
  const count = (one: StreamClient) => one.messages().filter(({ type }) => type !== 'heartbeat').length
  while (performance.now() < endsAt) {
    const before = count(client)
    const more = await client.waitFor((one) => (count(one) > before ? true : undefined), QUIET_MS)
    if (more === null) return
  }
}

async function waitForHeartbeat(target: Target, client: StreamClient): Promise<void> {
  const { heartbeatMs } = target.options
  const find = (one: StreamClient) => one.messages().find(({ type }) => type === 'heartbeat')
  const message = await client.waitFor(find, heartbeatMs)
  must(message !== null, `a heartbeat within ${heartbeatMs / 1000} s`, 'none')
  const { connected_clients: clients } = message.data
  must(Number(clients) >= 1, 'connected_clients of at least 1', show(clients))
}

async function assertSnapshot(target: Target, client: StreamClient): Promise<void> {
  const { signals } = expectAnswer(await target.getRl('/api/signals/latest'), rl.signals.latest)
  await first(client)
  await quiet(client)
  const sent = new Set(
    client.messages().flatMap(({ type, data }) => (type === 'signal' ? [data['strategy_code']] : [])),
  )
  const missing = signals.filter(({ strategy_code }) => !sent.has(strategy_code))
  must(
    missing.length === 0,
    `a signal of ${missing.map((one) => one.strategy_code).join(', ')}`,
    show([...sent]),
  )
}

function isOldSignal({ type, timestamp }: StreamMessage, connectedAt: string): boolean {
  return type === 'signal' && Date.parse(timestamp) < Date.parse(connectedAt) - 60_000
}

function isReplay({ type, sequence }: StreamMessage, index: number): boolean {
  return sequence !== undefined && type !== 'heartbeat' && !(index === 0 && type === 'market_status')
}

async function assertReplay(target: Target): Promise<void> {
  const live = await liveSequence(target)
  if (live !== null) {
    const [again] = await replayed(target, live - 1)
    must(again === live, `sequence ${live}, sent before, first after since=${live - 1}`, show(again))
  }
  const [start, next] = await replayed(target, live === null ? 0 : live - 1)
  if (start === undefined || (live === null && next === undefined)) {
    throw new CheckSkip('the server has fewer than two messages to replay')
  }
  const [after] = await replayed(target, start)
  must(after === undefined || after > start, `what came after ${start} only`, show(after))
  must(next === undefined || after === next, `sequence ${next} first after since=${start}`, show(after))
}

/** The sequence of a signal that was sent live; null when none came within a second. */
async function liveSequence(target: Target): Promise<number | null> {
  const client = await StreamClient.open(target)
  try {
    const find = (one: StreamClient) => one.messages().find(({ type }) => type === 'signal')?.sequence
    return await client.waitFor(find, LIVE_MS)
  } finally {
    client.close()
  }
}

async function replayed(target: Target, since: number): Promise<number[]> {
  const client = await StreamClient.open(target, `?since=${since}`)
  try {
    await first(client)
    await quiet(client)
    const sequences = client
      .messages()
      .filter(isReplay)
      .map(({ sequence }) => sequence ?? 0)
    const wrong = sequences.findIndex((sequence, index) => sequence <= (sequences[index - 1] ?? since))
    must(
      wrong < 0,
      `rising sequences above ${since}`,
      `${sequences[wrong]} after ${sequences[wrong - 1] ?? since}`,
    )
    return sequences
  } finally {
    client.close()
  }
}

async function assertRefused(target: Target, path: string, status: number, code: string): Promise<void> {
  const refusal = await StreamClient.refused(target, path)
  must(refusal.status === status, `WS ${path} refused with ${status}`, String(refusal.status))
  must(/^application\/json/i.test(refusal.contentType), `WS ${path} refused in JSON`, show(refusal.body))
  expectShape(refusal.body, rlError, `WS ${path} (rl error)`)
  const { error } = refusal.body as { error: string }
  must(error === code, `WS ${path}: error ${code}`, show(error))
}
