import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONTRACT_VERSION } from '@quantdeck/contracts'
import { type Invocation, readArgs } from '../args.ts'
import { FAMILIES } from '../contract-check/check.ts'
import { countResults, resultLine, summaryLine } from '../contract-check/report.ts'
import { chooseChecks, runChecks } from '../contract-check/run-checks.ts'
import type { Credentials } from '../contract-check/target.ts'
import type { CliEnv } from '../env.ts'
import { CliError, UsageError } from '../errors.ts'
import { isLoopback } from '../client.ts'

const HEARTBEAT_MS = 31_000
const OPTIONS = {
  email: { type: 'string' },
  password: { type: 'string' },
  token: { type: 'string' },
  only: { type: 'string' },
  fast: { type: 'boolean' },
  'allow-writes': { type: 'boolean' },
  json: { type: 'boolean' },
} as const

/** Checks any server against both documents. @returns 1 when a check fails */
export async function checkContract({ args, env }: Invocation): Promise<number> {
  const { values, positionals } = readArgs({ args, options: OPTIONS, allowPositionals: true })
  const [given] = positionals
  if (given === undefined || positionals.length > 1) throw new UsageError('contract-check takes one URL')
  const url = readUrl(given)
  const only = readOnly(values.only)
  const access = readAccess(values, url, env)
  const isV1Asked = chooseChecks(only).some(({ family }) => family === 'v1')
  if (isV1Asked && access.credentials === null && access.token === null) {
    throw new CliError(
      'the v1 document needs a login: give --email and --password, or --token, or DATA_DIR of a server on this machine',
    )
  }
  const results = await runChecks({
    url,
    ...access,
    only,
    allowWrites: values['allow-writes'] ?? false,
    fast: values.fast ?? false,
    heartbeatMs: HEARTBEAT_MS,
    onWait: (seconds) => process.stderr.write(`waiting ${seconds} s for the server's rate limit\n`),
    ...(!values.json && { onResult: (result) => process.stdout.write(`${resultLine(result)}\n`) }),
  })
  const counts = countResults(results)
  const report = { url: url.origin, contract_version: CONTRACT_VERSION, ...counts, checks: results }
  const text = values.json ? JSON.stringify(report, null, 2) : `\n${summaryLine(url.origin, counts)}`
  process.stdout.write(`${text}\n`)
  return counts.failed === 0 ? 0 : 1
}

function readUrl(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text)
    if (/^https?:$/.test(url.protocol) && /^\/(?:v1\/?)?$/.test(url.pathname)) return url
  }
  throw new UsageError(`${JSON.stringify(text)} is no URL of a server, such as http://localhost:8000`)
}

function readOnly(text: string | undefined): string | null {
  if (text === undefined || chooseChecks(text).length > 0) return text ?? null
  throw new UsageError(`--only must be one of ${FAMILIES.join(', ')}, or a check as the report names it`)
}

interface Access {
  credentials: Credentials | null
  token: string | null
}

function readAccess(
  { email, password, token }: { email?: string; password?: string; token?: string },
  url: URL,
  env: CliEnv,
): Access {
  if ((email === undefined) !== (password === undefined)) {
    throw new UsageError('--email and --password belong together')
  }
  if (email !== undefined && password !== undefined) return { credentials: { email, password }, token: null }
  if (token !== undefined) return { credentials: null, token }
  return { credentials: isLoopback(url) ? localLogin(env.dataDir) : null, token: null }
}

/** The first login that the server on this machine wrote down; it must not travel to another machine. */
function localLogin(dataDir: string): Credentials | null {
  const path = join(dataDir, 'logins.json')
  if (!existsSync(path)) return null
  const [login] = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>)
  return login === undefined ? null : { email: login[0], password: login[1] }
}
