import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ServerProcess } from '../../../../api/test/harness/server-process.ts'

const WEB = join(import.meta.dirname, '..', '..', '..')
const FIRST_START_MS = 110_000

export interface Login {
  email: string
  password: string
}

/** What every browser test gets of the one server of the run. */
export interface Deck extends Login {
  url: string
  /** Logs in once, as printed at the start. */
  link: string
  /** The other admin whom the demo brings along: what takes four eyes needs two. */
  approver: Login
  /** POST /kill and POST /start here end the server's process (SIGKILL) and start it again. */
  controlUrl: string
}

declare module 'vitest' {
  interface ProvidedContext {
    deck: Deck
  }
}

/** One admin does here within a minute what people take hours for: only those limits are wider than people have them. */
const ENV = { RATE_LIMITS: '{"controls":60,"runs":60}' }

/** Builds the dashboard, then starts a real server with the real demo, as a newcomer would: once for the whole run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildDashboard()
  const dataDir = mkdtempSync(join(tmpdir(), 'quantdeck-browser-'))
  let server = new ServerProcess(dataDir, ENV)
  const end = async () => {
    await server.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const { url, ...logins } = await readStart(server)
    const control = await listen({
      kill: () => server.kill('SIGKILL'),
      async start() {
        server = new ServerProcess(dataDir, { ...ENV, PORT: new URL(url).port })
        await server.ready()
      },
    })
    const { port } = control.address() as AddressInfo
    project.provide('deck', { url, ...logins, controlUrl: `http://127.0.0.1:${port}` })
    return async () => {
      control.closeAllConnections()
      control.close()
      await end()
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** What a person would copy from the terminal. */
async function readStart(server: ServerProcess): Promise<Omit<Deck, 'controlUrl'>> {
  await server.ready(FIRST_START_MS)
  await server.prints(/API documents +\S+\n/)
  const [, link] = /log in [^:]*?(http\S+)/.exec(server.out) ?? []
  const [first, approver] = [...server.out.matchAll(/login +(\S+@\S+) +(\S+)/g)].map(
    ([, email = '', password = '']): Login => ({ email, password }),
  )
  if (link === undefined || first === undefined || approver === undefined) {
    throw new Error(`the start prints no logins:\n${server.out}`)
  }
  return { url: server.url, link, ...first, approver }
}

function buildDashboard(): void {
  const { status, stdout, stderr } = spawnSync(join(WEB, 'node_modules', '.bin', 'vite'), ['build'], {
    cwd: WEB,
    encoding: 'utf8',
    // Vitest's own NODE_ENV would build another React, one for development: twice as large, and slower.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) throw new Error(`the dashboard does not build:\n${stdout}${stderr}`)
}

/** Tests run in a worker, the server belongs to this process: they ask over HTTP. */
async function listen(actions: Record<'kill' | 'start', () => Promise<unknown>>): Promise<Server> {
  const control = createServer((request, response) => {
    const action = request.url === '/kill' ? actions.kill : actions.start
    action().then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))
  return control
}
