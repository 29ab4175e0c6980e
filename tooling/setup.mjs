// Runs before `npm start` and `npm test` on a fresh clone. Plain JavaScript for Node 18+,
// because nothing is installed yet when it starts.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const stamp = join(root, 'node_modules', '.quantdeck-setup')
const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .update(readFileSync(join(root, 'package.json')))
  .digest('hex')

function run(label, command, args) {
  const startedAt = Date.now()
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
      TURBO_TELEMETRY_DISABLED: '1',
      CI: process.env.CI ?? 'true',
    },
  })
  if (result.status !== 0) {
    const how = result.error?.message ?? `exit ${result.status ?? result.signal}`
    console.error(`quantdeck setup: ${label} failed (${how}).`)
    process.exit(result.status || 1)
  }
  console.log(`quantdeck setup: ${label} took ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
}

const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash
if (!installed) {
  run('install', 'npx', ['-y', packageManager, 'install', '--frozen-lockfile', '--prefer-offline'])
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, lockHash)
}
if (process.argv.includes('--build')) {
  run('build', join(root, 'node_modules/.bin/turbo'), ['run', 'build', '--output-logs=errors-only'])
}
