import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MissingTool, type Sample } from '../suite.ts'
import { type BenchPostgres } from './postgres.ts'
import { cpuDuring } from './processes.ts'

const run = promisify(execFile)

/** @throws MissingTool */
export function requirePgbench(): void {
  try {
    execFileSync('pgbench', ['--version'], { stdio: 'ignore' })
  } catch {
    throw new MissingTool('pgbench is not on the PATH (Debian: the package postgresql)')
  }
}

export interface PgbenchOptions {
  script: string
  clients: number
  transactionsPerClient: number
}

/** One run of pgbench with prepared statements; the time is its own, without connecting. */
export async function pgbench(
  { url, pid }: Pick<BenchPostgres, 'url' | 'pid'>,
  { script, clients, transactionsPerClient }: PgbenchOptions,
): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdeck-pgbench-'))
  const file = join(folder, 'script.sql')
  writeFileSync(file, script)
  const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-t', String(transactionsPerClient)]
  let output = ''
  try {
    const cpuMs = await cpuDuring([pid], async () => {
      output = (await run('pgbench', [...args, '-f', file, url])).stdout
    })
    const tps = Number(/tps = ([\d.]+) \(without initial/.exec(output)?.[1])
    const operations = clients * transactionsPerClient
    if (!(tps > 0)) throw new Error(`pgbench said:\n${output}`)
    return { operations, wallMs: (operations / tps) * 1000, cpuMs }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
