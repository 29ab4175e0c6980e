import { migrateToLatest, openDatabase, type Database } from '@quantdeck/db'
import { systemClock } from '@quantdeck/domain'
import type { FastifyInstance } from 'fastify'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'

import { bootstrapUsers, type Login } from './auth/bootstrap.ts'
import { ensureCliKey } from './auth/cli-key.ts'
import { loadJwtSecret } from './auth/jwt-secret.ts'
import { openHouse, type House } from './compose.ts'
import { chooseDatabase, type DatabaseChoice } from './database-choice.ts'
import type { OpenBroker } from './desk/assemble.ts'
import { startDemo } from './demo/index.ts'
import { EnvError, isLoopback, parseEnv, type Env } from './env.ts'
import { createLogger } from './log.ts'
import { Phases } from './phases.ts'
import { buildServer } from './server.ts'

const SHUTDOWN_MS = 10_000

interface Started {
  stop: () => Promise<void>
}

/** Starts the server and answers when it was told to stop. @returns the exit code */
export async function run({ openBroker }: { openBroker?: OpenBroker } = {}): Promise<number> {
  const print = (line: string) => console.log(line)
  try {
    const env = parseEnv()
    if (env.role !== 'worker') await assertPortFree(env)
    const started = await start(env, print, openBroker)
    const signal = await untilSignal()
    print(`Stopping (${signal}) ...`)
    return await stopInTime(started)
  } catch (error) {
    // Mistakes of configuration and a port or directory in use are one sentence; anything else is a defect.
    const isExpected =
      error instanceof EnvError || (error instanceof Error && / in use by /.test(error.message))
    console.error(isExpected && error instanceof Error ? error.message : error)
    return 1
  }
}

async function start(env: Env, print: (line: string) => void, openBroker?: OpenBroker): Promise<Started> {
  const log = createLogger(env.logLevel)
  const phases = new Phases(print)
  mkdirSync(env.dataDir, { recursive: true, mode: 0o700 })
  const choice = chooseDatabase(env)
  const shared = env.redisUrl === null ? '' : ', shared through Redis'
  print(`Quantdeck starts: ${choice.label}, rate limits ${env.rateLimits.kind}${shared}`)
  const running = new Running()
  try {
    const db = await phases.run('database', () => openChosen(choice, log))
    running.add(() => db.close())
    const secret = loadJwtSecret(env)
    const house = await phases.run('desk and streams', () =>
      openHouse({ db, clock: systemClock, env, log, secret, openBroker }),
    )
    running.add(() => house.stop())
    const logins = await phases.run('logins', () => prepareLogins(house, env))
    if (choice.isDemo) running.add(await phases.run('demo market', () => runDemo(house, logins)))
    house.deskWatch.start()
    const app = env.role === 'worker' ? null : await phases.run('server', () => listen(house, env))
    if (app === null) {
      print(`Worker ready in ${phases.total()}`)
    } else {
      running.add(() => app.close())
      await announce({ house, app, env, logins, print, total: phases.total() })
    }
    return { stop: () => running.stop() }
  } catch (error) {
    await running.stop()
    throw error
  }
}

/** What has been started so far; stopped the other way round, also when a later part fails to start. */
class Running {
  readonly #stops: (() => Promise<unknown>)[] = []

  add(stop: () => Promise<unknown>): void {
    this.#stops.push(stop)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop()
  }
}

async function openChosen(choice: DatabaseChoice, log: Logger): Promise<Database> {
  const db = await openDatabase(
    choice.url === null
      ? { dataDir: choice.dataDir }
      : {
          url: choice.url,
          onConnectionError: (error) => log.warn({ err: error }, 'an idle connection broke'),
        },
  )
  await migrateToLatest(db)
  return db
}

async function prepareLogins({ deps }: House, env: Env): Promise<Login[]> {
  const { db, clock, auth } = deps
  const logins = await bootstrapUsers({ db, clock, env, passwords: auth.passwords })
  const admin = logins[0]
  if (admin !== undefined) {
    const key = { db, clock, dataDir: env.dataDir, userId: admin.userId }
    auth.rememberCommandLineKey(await ensureCliKey(key))
  }
  return logins
}

/** @returns how to stop it */
async function runDemo({ deps, parts }: House, logins: readonly Login[]): Promise<() => Promise<void>> {
  const ownerId = logins[0]?.userId
  if (ownerId === undefined) throw new Error('the demo needs an owner')
  const demo = await startDemo(deps, { tools: parts.tools, ownerId, onProgress: () => {} })
  return () => demo.stop()
}

async function listen({ deps }: House, env: Env): Promise<FastifyInstance> {
  const app = await buildServer(deps)
  try {
    await app.listen({ port: env.port, host: env.host })
  } catch (error) {
    throw isPortTaken(error) ? portTaken(env) : error
  }
  return app
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

function portTaken(env: Env): EnvError {
  return new EnvError(`Port ${env.port} is taken by another program: set PORT to a free one.`)
}

/** Before half a minute of building: is the port ours to take? */
async function assertPortFree(env: Env): Promise<void> {
  if (env.port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(isPortTaken(error) ? portTaken(env) : error))
    probe.listen(env.port, env.host, () => probe.close(() => resolve()))
  })
}

interface Announcement {
  house: House
  app: FastifyInstance
  env: Env
  logins: readonly Login[]
  print: (line: string) => void
  total: string
}

/** The URL, a link that logs in once, and new passwords once; all of them stay in DATA_DIR/logins.json. */
async function announce({ house, app, env, logins, print, total }: Announcement): Promise<void> {
  const [address] = app.addresses()
  const host = isLoopback(env.host) || env.host === '0.0.0.0' ? 'localhost' : env.host
  const url = `http://${host}:${typeof address === 'object' ? address.port : env.port}`
  print(`Ready in ${total}: ${url}`)
  const admin = logins[0]
  if (admin !== undefined) {
    const token = await house.deps.auth.sessions.createLoginLink(admin.userId)
    print(`  log in (once, within the hour)  ${url}/login?token=${token}`)
  }
  for (const { email, password, isNew } of logins) {
    if (isNew && password !== null) print(`  login                           ${email}  ${password}`)
  }
  if (logins.some(({ password }) => password !== null)) {
    print(`  these logins are kept in         ${join(env.dataDir, 'logins.json')}`)
  }
  print(`  API documents                   ${url}/docs`)
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

async function stopInTime({ stop }: Started): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => {
      console.error('Stopping took too long; what was acknowledged is safe.')
      resolve(1)
    }, SHUTDOWN_MS)
  })
  const code = await Promise.race([stop().then(() => 0), late])
  clearTimeout(timer)
  return code
}
