import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unpackDatabase } from '../../../packages/db/src/testing/unpack.ts'

const MAIN = join(import.meta.dirname, '../../api/src/main.ts')

export interface RealServer {
  url: string
  dataDir: string
  /** GET with the key that the server left for the command line. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

/** The server itself on a free port, with a database of its own; without the demo unless `env` says so. */
export async function startRealServer(env: Record<string, string> = {}): Promise<RealServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-server-'))
  await unpackDatabase(join(dataDir, env['DEMO'] === 'on' ? 'demo' : 'main'))
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['--conditions=@quantdeck/source', MAIN], {
    env: { PATH, NODE_COMPILE_CACHE, PORT: '0', DATA_DIR: dataDir, DEMO: 'off', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await readUrl(child)
  return {
    url,
    dataDir,
    get: async (path) => {
      const key = readFileSync(join(dataDir, 'cli-key'), 'utf8').trim()
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })
      return response.json()
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true })
    },
  }
}

function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8')
      const url = /Ready in [^:]*: http:\/\/localhost:(\d+)/.exec(output)
      if (url !== null) resolve(`http://127.0.0.1:${url[1]}`)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)))
  })
}
