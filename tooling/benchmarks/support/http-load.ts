import { Agent, request } from 'node:http'
import type { Sample } from '../suite.ts'
import { cpuDuring } from './processes.ts'

export interface HttpRequest {
  method: string
  path: string
  body?: string
}

export interface HttpLoad {
  url: string
  token: string
  connections: number
  /** One list per connection, sent one after the other. */
  requests: readonly (readonly HttpRequest[])[]
  /** The only status that counts as done. */
  expectedStatus: number
  /** Processes whose CPU time is counted: the servers, not this client. */
  pids: readonly number[]
}

/** Sends requests over kept connections, each waiting for its answer. @throws on any other status */
export async function httpLoad(load: HttpLoad): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  const latenciesMs: number[] = []
  let wallMs = 0
  try {
    const cpuMs = await cpuDuring(load.pids, async () => {
      const started = performance.now()
      await Promise.all(
        load.requests.map(async (list) => {
          for (const one of list) {
            const sentAt = performance.now()
            await send(load, agent, one)
            latenciesMs.push(performance.now() - sentAt)
          }
        }),
      )
      wallMs = performance.now() - started
    })
    return { operations: latenciesMs.length, wallMs, cpuMs, latenciesMs }
  } finally {
    agent.destroy()
  }
}

function send(load: HttpLoad, agent: Agent, { method, path, body }: HttpRequest): Promise<void> {
  const headers = {
    authorization: `Bearer ${load.token}`,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(`${load.url}${path}`, { method, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        if (response.statusCode === load.expectedStatus) resolve()
        else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${text.slice(0, 500)}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
