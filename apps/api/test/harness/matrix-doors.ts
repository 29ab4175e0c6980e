import type { Endpoint } from '@quantdeck/contracts'
import { WebSocket } from 'ws'

import { pathOf, queryFieldsOf } from './endpoints.ts'
import type { TestApi } from '../harness.ts'

export type Input = Record<string, unknown>
export const TRPC_DOORS = ['trpc', 'batch', 'websocket'] as const
export const DOORS = ['rest', ...TRPC_DOORS] as const
export type Door = (typeof DOORS)[number]

/** One operation as a door sees it. */
export interface Procedure {
  /** `v1.positions.get` */
  readonly name: string
  readonly type: 'query' | 'mutation' | 'subscription'
  /** Null for what exists on tRPC only. */
  readonly endpoint: Endpoint | null
}

export interface Reply {
  status: number
  text: string
  /** Over HTTP. */
  headers?: Headers
}

interface Knock {
  api: TestApi
  procedure: Procedure
  credential: string | null
  inputs: readonly Input[]
}

/** Keys travel in their own header over HTTP, as Bearer elsewhere: both ways are the same. */
function headersOf(credential: string | null): Record<string, string> {
  if (credential === null) return {}
  return credential.startsWith('qd_')
    ? { 'x-api-key': credential }
    : { authorization: `Bearer ${credential}` }
}

/** The replies of a door, one per input. */
export async function knock(door: Door, parts: Knock): Promise<Reply[]> {
  if (door === 'rest') return [await viaRest(parts)]
  if (door === 'trpc') return viaTrpc(parts, false)
  return door === 'batch' ? viaTrpc(parts, true) : [await viaSocket(parts)]
}

async function viaRest({ api, procedure, credential, inputs }: Knock): Promise<Reply> {
  const { endpoint } = procedure
  if (endpoint === null) throw new Error(`${procedure.name} has no REST route`)
  const input = inputs[0] ?? {}
  const { method } = endpoint.meta
  const path = pathOf(endpoint, input as Record<string, string>)
  const fields = queryFieldsOf(endpoint).filter((field) => input[field] !== undefined)
  const headers = { authorization: `Bearer ${credential}` }
  const common = credential === null ? {} : { headers }
  if (method === 'GET' || method === 'DELETE') {
    const query = new URLSearchParams(fields.map((field) => [field, String(input[field])]))
    return api.call(method, `${path}${query.size > 0 ? `?${query.toString()}` : ''}`, common)
  }
  const body = Object.fromEntries(fields.map((field) => [field, input[field]]))
  return api.call(method, path, { ...common, body })
}

async function viaTrpc({ api, procedure, credential, inputs }: Knock, isBatch: boolean): Promise<Reply[]> {
  const { name, type } = procedure
  const headers = { ...headersOf(credential), 'x-quantdeck': '1' }
  const used = isBatch ? inputs : inputs.slice(0, 1)
  const wire = isBatch
    ? Object.fromEntries(used.map((json, index) => [index, { json }]))
    : { json: used[0] ?? {} }
  const path = `/trpc/${used.map(() => name).join(',')}`
  const query = new URLSearchParams({
    ...(isBatch && { batch: '1' }),
    ...(type === 'query' && { input: JSON.stringify(wire) }),
  })
  const method = type === 'query' ? 'GET' : 'POST'
  const body = type === 'query' ? {} : { body: wire }
  const answer = await api.call(method, `${path}?${query.toString()}`, { headers, ...body })
  const results = isBatch ? (answer.body as unknown[]) : [answer.body]
  return results.map((result) => ({ ...replyOf(result), headers: answer.headers }))
}

interface Wire {
  error?: { json?: { data: { httpStatus: number } } }
}

function replyOf(result: unknown): Reply {
  const { error } = result as Wire
  return { status: error?.json?.data.httpStatus ?? 200, text: JSON.stringify(result) }
}

/** How long a subscription that says nothing counts as open. */
const SILENCE_MS = 250

async function viaSocket({ api, procedure, credential, inputs }: Knock): Promise<Reply> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/trpc?connectionParams=1`)
  try {
    return await new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the socket was closed')))
      socket.on('open', () => {
        const params = credential === null ? {} : { token: credential }
        socket.send(JSON.stringify({ method: 'connectionParams', data: params }))
        const { name: path, type: method } = procedure
        const call = { id: 1, method, params: { path, input: { json: inputs[0] ?? {} } } }
        socket.send(JSON.stringify({ jsonrpc: '2.0', ...call }))
      })
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as Wire & { id?: number; result?: { type?: string } }
        if (message.id !== 1) return
        if (message.result?.type !== 'started') return resolve(replyOf(message))
        setTimeout(() => resolve({ status: 200, text: '{}' }), SILENCE_MS)
      })
    })
  } finally {
    socket.removeAllListeners('close')
    socket.terminate()
  }
}

/** The literal stream: 200 when it speaks, else its close code as a status. */
export async function knockAtStream(api: TestApi, credential: string | null): Promise<Reply> {
  const headers = headersOf(credential)
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/ws/trading-signals`, { headers })
  const status = await new Promise<number>((resolve) => {
    socket.on('message', () => resolve(200))
    socket.on('close', (code) => resolve(code - 4_000))
    socket.on('error', () => resolve(0))
  })
  socket.terminate()
  return { status, text: '' }
}
