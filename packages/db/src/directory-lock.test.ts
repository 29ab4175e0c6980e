import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDirectory } from './directory-lock.ts'

describe('the lock of a database directory', () => {
  let parent: string
  let dataDir: string
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'quantdeck-lock-'))
    dataDir = join(parent, 'main')
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  it('refuses a second holder with one sentence that names the first', () => {
    const lock = lockDirectory(dataDir)
    expect(() => lockDirectory(dataDir)).toThrow(
      new RegExp(`${dataDir} is in use by process ${process.pid} `),
    )
    lock.release()
    lockDirectory(dataDir).release()
  })

  it('takes over from a process that was killed', async () => {
    const child = spawn(process.execPath, [
      '--conditions=@quantdeck/source',
      '--input-type=module',
      '-e',
      `const { lockDirectory } = await import(${JSON.stringify(new URL('directory-lock.ts', import.meta.url).href)})
       lockDirectory(${JSON.stringify(dataDir)}); process.stdout.write('held'); setInterval(() => {}, 1000)`,
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    expect(() => lockDirectory(dataDir)).toThrow(`in use by process ${child.pid}`)
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
    lockDirectory(dataDir).release()
  })

  it('takes over when the pid belongs to another process now', () => {
    writeFileSync(
      `${dataDir}.lock`,
      JSON.stringify({ pid: process.pid, startedAt: '2020-01-01T00:00:00.000Z' }),
    )
    const lock = lockDirectory(dataDir)
    expect(JSON.parse(readFileSync(`${dataDir}.lock`, 'utf8'))).toMatchObject({ pid: process.pid })
    lock.release()
  })

  it('is taken by exactly one of several processes that find a stale lock at once', async () => {
    writeFileSync(`${dataDir}.lock`, JSON.stringify({ pid: 999_999, startedAt: '2020-01-01T00:00:00.000Z' }))
    const script = `const { lockDirectory } = await import(${JSON.stringify(new URL('directory-lock.ts', import.meta.url).href)})
      try { lockDirectory(${JSON.stringify(dataDir)}); process.stdout.write('held'); setInterval(() => {}, 1000) }
      catch { process.stdout.write('refused') }`
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--conditions=@quantdeck/source', '--input-type=module', '-e', script]),
    )
    const said = await Promise.all(
      children.map(
        (child) =>
          new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data)))),
      ),
    )
    for (const child of children) child.kill('SIGKILL')
    expect(said.filter((word) => word === 'held')).toHaveLength(1)
  })

  it('takes over from a lock file that was torn in the middle', () => {
    writeFileSync(`${dataDir}.lock`, '{"pid":')
    lockDirectory(dataDir).release()
  })
})
