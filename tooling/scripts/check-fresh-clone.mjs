// What a newcomer does: clone, `npm start`, look. Clones HEAD into a temporary folder, waits until the server is
// ready, asks a few endpoints and the CLI, and ends the server with SIGTERM. Plain JavaScript for Node 20.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const READY_SECONDS = 120
const STOP_SECONDS = 10
const source = join(fileURLToPath(import.meta.url), '../../..')
const folder = mkdtempSync(join(tmpdir(), 'quantdeck-clone-'))
const clone = join(folder, 'quantdeck')
const port = await freePort()
const base = `http://127.0.0.1:${port}`
const env = { ...process.env, PORT: String(port), DATA_DIR: join(folder, 'data') }
let server

try {
  execute('git', ['-c', 'safe.directory=*', 'clone', '-q', '--no-hardlinks', source, clone], folder)
  server = startServer()
  await waitUntilReady()
  await checkEndpoints()
  checkCli()
  await stopServer()
  console.log('fresh clone: ok')
} catch (error) {
  console.error(`fresh clone: ${error.message}`)
  process.exitCode = 1
} finally {
  if (server !== undefined) killServer()
  rmSync(folder, { recursive: true, force: true })
}

/** In a process group of its own: a signal to npm alone does not reach the server below it. */
function startServer() {
  return spawn('npm', ['start'], { cwd: clone, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
}

async function waitUntilReady() {
  const startedAt = Date.now()
  while (Date.now() - startedAt < READY_SECONDS * 1000) {
    if (server.exitCode !== null) throw new Error(`npm start ended with exit code ${server.exitCode}`)
    const answer = await fetch(`${base}/readyz`).catch(() => null)
    if (answer?.status === 200) {
      console.log(`fresh clone: ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
      return
    }
    await sleep(250)
  }
  throw new Error(`not ready after ${READY_SECONDS} s`)
}

async function checkEndpoints() {
  await expectAnswer('/healthz', 200)
  await expectAnswer('/v1/health', 401)
  const page = await expectAnswer('/', 200)
  if (!page.includes('<html')) throw new Error('/ is not the dashboard')
  const document = JSON.parse(await expectAnswer('/openapi.json', 200))
  if (Object.keys(document.paths).length < 20) throw new Error('/openapi.json names fewer than 20 paths')
  const { signals } = JSON.parse(await expectAnswer('/api/signals/latest', 200))
  if (signals.length === 0) throw new Error('/api/signals/latest shows no signal of the demo market')
}

async function expectAnswer(path, status) {
  const answer = await fetch(base + path)
  if (answer.status !== status) throw new Error(`GET ${path} answered ${answer.status} instead of ${status}`)
  return answer.text()
}

function checkCli() {
  execute('npm', ['run', '--silent', 'quantdeck', '--', 'status', '--url', base], clone)
  execute('npm', ['run', '--silent', 'quantdeck', '--', 'logins'], clone, 'ignore')
}

async function stopServer() {
  const deadline = Date.now() + STOP_SECONDS * 1000
  const exited = new Promise((resolve) => server.once('exit', resolve))
  process.kill(-server.pid, 'SIGTERM')
  const inTime = await Promise.race([exited.then(() => true), sleep(STOP_SECONDS * 1000).then(() => false)])
  if (!inTime) throw new Error(`still running ${STOP_SECONDS} s after SIGTERM`)
  while (await isListening()) {
    if (Date.now() > deadline) throw new Error('the server outlived npm')
    await sleep(100)
  }
}

function isListening() {
  return fetch(`${base}/healthz`).then(
    () => true,
    () => false,
  )
}

/** The last resort, when a check failed half-way. */
function killServer() {
  try {
    process.kill(-server.pid, 'SIGKILL')
  } catch {
    // The whole group has already ended.
  }
}

function execute(command, args, cwd, stdout = 'inherit') {
  const result = spawnSync(command, args, { cwd, env, stdio: ['ignore', stdout, 'inherit'] })
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status ?? result.error}`)
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address()
      probe.close(() => resolve(free))
    })
  })
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
