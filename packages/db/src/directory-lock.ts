import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * A lock file against a second process on one PGlite directory, where both would lose data silently.
 * It names the holder by pid and start time, so that a reused pid is not taken for a living holder.
 */
interface Holder {
  pid: number
  startedAt: string
}

export interface DirectoryLock {
  release(): void
}

/** @throws Error with one sentence that names the living holder */
export function lockDirectory(dataDir: string): DirectoryLock {
  const path = `${dataDir}.lock`
  mkdirSync(dirname(path), { recursive: true })
  for (let attempt = 0; attempt < 3; attempt++) {
    if (createLockFile(path)) return { release: () => releaseLock(path) }
    const found = readText(path)
    const holder = parseHolder(found)
    if (holder !== null && isAlive(holder)) {
      throw new Error(
        `The database in ${dataDir} is in use by process ${holder.pid} (started ${holder.startedAt}); ` +
          'stop that process or set DATA_DIR to another directory.',
      )
    }
    if (found !== null) removeStale(path, found)
  }
  throw new Error(`The lock file ${path} could not be taken; another process is starting on it.`)
}

/** Linked into place with its content, so that nobody ever sees a lock without a holder. */
function createLockFile(path: string): boolean {
  const holder: Holder = { pid: process.pid, startedAt: startTimeOf(process.pid) ?? 'unknown' }
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Left behind by a killed process. If another process took it over meanwhile, its lock is put back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale-${process.pid}`
  try {
    renameSync(path, aside)
    if (readText(aside) !== stale) linkSync(aside, path)
  } catch {
    // Somebody else removed it first; the next attempt sees what is there now.
  } finally {
    rmSync(aside, { force: true })
  }
}

function releaseLock(path: string): void {
  if (parseHolder(readText(path))?.pid === process.pid) rmSync(path, { force: true })
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function parseHolder(text: string | null): Holder | null {
  try {
    const holder = JSON.parse(text ?? '') as Partial<Holder>
    return typeof holder.pid === 'number' && typeof holder.startedAt === 'string'
      ? { pid: holder.pid, startedAt: holder.startedAt }
      : null
  } catch {
    return null
  }
}

function isAlive(holder: Holder): boolean {
  const startedAt = startTimeOf(holder.pid)
  return startedAt !== null && (holder.startedAt === 'unknown' || holder.startedAt === startedAt)
}

/** When a process started, as `ps` prints it; null when there is no such process. */
function startTimeOf(pid: number): string | null {
  return startTimeFromProc(pid) ?? startTimeFromPs(pid)
}

function startTimeFromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; the start time is the 20th field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return null
    const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1])
    const ticksPerSecond = 100
    return new Date(bootSeconds * 1000 + (Number(fields[19]) * 1000) / ticksPerSecond).toISOString()
  } catch {
    return null
  }
}

function startTimeFromPs(pid: number): string | null {
  if (existsSync('/proc/self/stat')) return null
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}
