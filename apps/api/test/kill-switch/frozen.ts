import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every process of a Postgres server: its postmaster and the children that hold connections. */
export function processesOf(dataDir: string): number[] {
  const postmaster = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' })
  return [postmaster, ...children.trim().split(/\s+/).map(Number)]
}

/** The server stays as it is, answers nobody and drops nobody, until it is let go. @returns how to let it go */
export function freeze(dataDir: string): () => void {
  const pids = processesOf(dataDir)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  return () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}

/** A small file system in memory, which only root can make. @returns null with the reason where it is not possible */
export function mountSmall(path: string, megabytes: number): { unmount: () => void } | { problem: string } {
  mkdirSync(path, { recursive: true })
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', path]
    execFileSync('mount', options, { stdio: 'pipe' })
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    return { problem: `mount is not permitted: ${reason}` }
  }
  return { unmount: () => void execFileSync('umount', ['-l', path]) }
}

/** Takes all the room that is left. @returns how to give it back */
export function fillUp(path: string): () => void {
  const ballast = join(path, 'ballast')
  const { bavail, bsize } = statfsSync(path)
  let size = bavail * bsize
  while (size >= 4_096) {
    try {
      writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
    } catch {
      size = Math.floor(size / 2)
      continue
    }
    const left = statfsSync(path)
    size = left.bavail * left.bsize
  }
  return () => rmSync(ballast)
}

/** Full, and full again when somebody gives room back: a server tidies up its logs. @returns how to end it */
export function keepFull(path: string): () => void {
  let giveBack = fillUp(path)
  const timer = setInterval(() => (giveBack = fillUp(path)), 10)
  return () => {
    clearInterval(timer)
    giveBack()
  }
}

export function isRunning(dataDir: string): boolean {
  try {
    return isAlive(processesOf(dataDir)[0] ?? 0)
  } catch {
    return false
  }
}

/** What a power cut leaves: every process of the server is gone at once, and nothing was tidied up. */
export async function crash(dataDir: string): Promise<void> {
  const [postmaster = 0] = processesOf(dataDir)
  process.kill(postmaster, 'SIGQUIT')
  while (isAlive(postmaster)) await new Promise((resolve) => setTimeout(resolve, 20))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
