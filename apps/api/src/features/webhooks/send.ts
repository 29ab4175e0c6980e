import { MINUTE_MS, SECOND_MS } from '@quantdeck/domain'
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'

import { type Address, type TargetAddresses, TargetError } from './target-address.ts'

const TIMEOUT_MS = 10 * SECOND_MS
const MAX_RETRY_AFTER_SECONDS = 60 * 60

export interface Posting {
  url: URL
  headers: Readonly<Record<string, string>>
  body: string
}

export interface SendOptions {
  timeoutMs?: number
  /** Ends the attempt at once. */
  stopped?: AbortSignal
}

/** What became of one attempt. Nothing of the receiver's body is kept, nothing of the address's path is said. */
export interface Outcome {
  status: number | null
  /** Null: it arrived. */
  error: string | null
  /** Trying again cannot help. */
  isFinal: boolean
  /** The receiver wants no more messages at all. */
  isGone: boolean
  retryAfterSeconds: number | null
}

const failed = (error: string, isFinal = false): Outcome => ({
  status: null,
  error,
  isFinal,
  isGone: false,
  retryAfterSeconds: null,
})

/**
 * One POST to the one address that the target's name has now. The answer's status decides; its body is not read, a
 * redirect is not followed, and after ten seconds in all it counts as unanswered.
 */
export async function postOnce(
  posting: Posting,
  addresses: TargetAddresses,
  { timeoutMs = TIMEOUT_MS, stopped }: SendOptions = {},
): Promise<Outcome> {
  const late = AbortSignal.timeout(timeoutMs)
  const deadline = stopped === undefined ? late : AbortSignal.any([late, stopped])
  try {
    const address = await beforeDeadline(addresses.resolve(posting.url), deadline)
    return outcomeOf(await connect(posting, address, deadline))
  } catch (error) {
    if (stopped?.aborted === true) return failed('Interrupted: the server was stopped')
    if (late.aborted) return failed(`No answer within ${timeoutMs / SECOND_MS} s`)
    if (error instanceof TargetError) return failed(error.message, error.code !== 'DNS')
    return failed(connectionError(error))
  }
}

async function beforeDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  let give: () => void = () => {}
  const late = new Promise<never>((_resolve, reject) => {
    give = () => reject(new Error('late'))
    deadline.addEventListener('abort', give, { once: true })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    deadline.removeEventListener('abort', give)
  }
}

interface Answer {
  status: number
  retryAfter: string | undefined
}

/** The socket goes to the address that was judged; name and certificate stay those of the URL. */
function connect(
  { url, headers, body }: Posting,
  { address, family }: Address,
  signal: AbortSignal,
): Promise<Answer> {
  const options: RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Quantdeck-Webhooks/1',
      connection: 'close',
    },
    // A connection of its own: nothing of another target is reused.
    agent: false,
    signal,
    lookup: (_hostname, { all }, done) =>
      all === true ? done(null, [{ address, family }]) : done(null, address, family),
  }
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage) => {
      const { statusCode = 0, headers: answered } = response
      resolve({ status: statusCode, retryAfter: answered['retry-after'] })
      response.destroy()
    }
    const request: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, options, onResponse)
        : httpRequest(url, options, onResponse)
    request.on('error', reject)
    request.end(body)
  })
}

function outcomeOf({ status, retryAfter }: Answer): Outcome {
  const isTaken = status >= 200 && status < 300
  const isRedirect = status >= 300 && status < 400
  return {
    status,
    error: isTaken ? null : isRedirect ? 'Redirects are not followed' : `Answered with status ${status}`,
    isFinal: false,
    isGone: status === 410,
    retryAfterSeconds: secondsOf(retryAfter),
  }
}

/** Seconds only; a date of a foreign clock says too little. */
function secondsOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined || !/^\d{1,9}$/.test(retryAfter)) return null
  return Math.min(Number(retryAfter), MAX_RETRY_AFTER_SECONDS)
}

/** A closed list of words: what Node says may hold names and addresses. */
function connectionError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'The connection was refused'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The connection was cut'
  if (/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code)) return 'The host could not be reached'
  if (/CERT|SSL|TLS|UNABLE_TO_VERIFY|SELF_SIGNED/.test(code))
    return 'The certificate or TLS connection was not valid'
  if (code.startsWith('HPE_')) return 'The answer was not HTTP'
  return 'The connection failed'
}

const FIRST_RETRY_MS = 5 * SECOND_MS
const LONGEST_RETRY_MS = 60 * MINUTE_MS
/** About nine hours in all. */
export const MAX_ATTEMPTS = 18

/**
 * Exponential back-off with jitter: between half and all of 5 s, 10 s, 20 s ... up to an hour, and not before the
 * receiver's own Retry-After.
 * @param attempt how many were made, from 1
 * @param random in [0, 1)
 */
export function retryDelayMs(attempt: number, retryAfterSeconds: number | null, random: number): number {
  const full = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS)
  const jittered = Math.round(full * (0.5 + random / 2))
  return Math.max(jittered, (retryAfterSeconds ?? 0) * SECOND_MS)
}
