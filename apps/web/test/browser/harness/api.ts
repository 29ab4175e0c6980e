import { createTRPCClient, httpLink } from '@trpc/client'
import { expect } from 'vitest'
import type { AppRouter } from '../../../src/lib/app-router.ts'
import { transformer } from '../../../src/lib/transformer.ts'
import { deck } from './browser.ts'
import type { Login } from './global-setup.ts'

export interface Answer<T> {
  status: number
  body: T
}

/** The server's REST side with one token or API key. */
export class Rest {
  readonly #token: string

  constructor(token: string) {
    this.#token = token
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const response = await fetch(`${deck.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as T }
  }

  /** An answer that is no JSON. */
  async text(path: string): Promise<string> {
    const response = await fetch(`${deck.url}${path}`, {
      headers: { authorization: `Bearer ${this.#token}` },
    })
    expect([path, response.status]).toEqual([path, 200])
    return response.text()
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.call<T>('GET', path)
    expect([path, status]).toEqual([path, 200])
    return body
  }

  /** The same server as the dashboard asks it. */
  trpc() {
    const headers = { authorization: `Bearer ${this.#token}` }
    return createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${deck.url}/trpc`, transformer, headers })],
    })
  }
}

export async function logIn({ email, password }: Login = deck): Promise<Rest> {
  const response = await fetch(`${deck.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  return new Rest(token)
}

/** A trading service's key, made as a trading service's owner would. */
export async function createKey(owner: Rest): Promise<Rest> {
  const { status, body } = await owner.call<{ data: { key: string } }>('POST', '/v1/api-keys', {
    name: 'browser suite',
    scopes: ['read', 'signals'],
  })
  expect(status).toBe(201)
  return new Rest(body.data.key)
}

export interface SignalResult {
  signal_id: string
  outcome: 'ORDERS' | 'NO_ACTION' | 'REFUSED' | 'RECORDED'
  order_ids: string[]
  violations: { code: string; message: string }[]
}

export async function postSignal(key: Rest, signal: Record<string, unknown>): Promise<SignalResult> {
  const { status, body } = await key.call<{ results: SignalResult[] }>('POST', '/api/signals', {
    strategy_code: 'ppo_v1',
    symbol: 'USD/COP',
    confidence: 0.8,
    size: 0,
    ...signal,
  })
  expect([status, body.results]).toEqual([202, [expect.anything()]])
  return body.results[0] as SignalResult
}
