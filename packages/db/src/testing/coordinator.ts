import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrMakeDump } from './dump.ts'
import { startCluster, type Cluster } from './postgres-cluster.ts'

/**
 * One per test run, in vitest's main process: workers ask it for the migrated PGlite dump and for the Postgres
 * cluster, and both are made when first asked for, so that a run of pure tests waits for neither.
 */
export interface Coordinator {
  url: string
  stop(): Promise<void>
}

export async function startCoordinator(): Promise<Coordinator> {
  const directory = mkdtempSync(join(tmpdir(), 'quantdeck-test-'))
  // As root, the server runs as the user postgres and has to get through here.
  chmodSync(directory, 0o711)
  let dump: Promise<string> | null = null
  let cluster: Promise<Cluster> | null = null
  const answers: Record<string, () => Promise<string>> = {
    '/dump': () => (dump ??= findOrMakeDump()),
    '/postgres': async () => (await (cluster ??= startCluster(join(directory, 'postgres')))).url,
  }
  const server = createServer((request, response) => {
    // Suites ask minutes apart: a kept connection would be closed just as the next one uses it.
    response.setHeader('connection', 'close')
    const answer = answers[request.url ?? '']
    if (answer === undefined) return void response.writeHead(404).end()
    answer().then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.stack : String(error)),
    )
  })
  // A cluster's first start takes seconds on a busy machine.
  server.requestTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      const started = await cluster?.catch(() => null)
      await started?.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
