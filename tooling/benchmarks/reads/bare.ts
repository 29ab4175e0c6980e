import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface BareServer {
  url: string
  pid: number
  close(): void
}

/** node:http in a process of its own, writing a precomputed body: as fast as anything on Node can be. */
export async function startBare(body: Buffer): Promise<BareServer> {
  const script = join(import.meta.dirname, 'bare-server.ts')
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(body)
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: `http://127.0.0.1:${Number(port.toString())}`,
    pid: child.pid ?? 0,
    close: () => child.kill(),
  }
}
