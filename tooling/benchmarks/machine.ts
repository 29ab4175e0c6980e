import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'

/** Where and on what the figures were taken. */
export interface Machine {
  at: string
  commit: string | null
  node: string
  platform: string
  cpu: string
  cores: number
  memoryGb: number
  /** Of the minute before: a busy machine shows in the spread. */
  load: number
}

export function describeMachine(): Machine {
  return {
    at: new Date().toISOString(),
    commit: findCommit(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}

function findCommit(): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}
