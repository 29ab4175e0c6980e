import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseDatabase } from '../database-choice.ts'
import type { StorageEnv } from '../env.ts'
import { formatEntry, type LatchEntry, parseEntry } from './latch-entry.ts'

/** Files of this size are made in advance and filled when they are needed: a full disk has room for them. */
const RESERVED_BYTES = 4_096
const RESERVES = 8
const ENTRY = /^[0-9a-f-]{36}\.json$/
const RESERVE = /^reserve-[0-9a-f-]{36}$/

export interface LatchReading {
  entries: LatchEntry[]
  /** Files that should be entries and cannot be read: each may be a stop. */
  unreadable: string[]
}

/** Where the latch of the database that these settings choose lies: the demo's stops are not the main database's. */
export function latchFolderOf(env: StorageEnv): string {
  return join(env.dataDir, 'kill-switch', chooseDatabase(env).isDemo ? 'demo' : 'main')
}

/**
 * One file for each activation, so that several processes and the command line write without reading first. A file is
 * complete and on the disk before it has its name, and the name is on the disk before the call resolves.
 */
export class LatchFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Makes the folder and what is kept in reserve. @throws Error where it cannot be made */
  async prepare(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
    const reserves = (await readdir(this.path)).filter((name) => RESERVE.test(name))
    for (let count = reserves.length; count < RESERVES; count += 1) await this.#reserve()
  }

  /** @throws Error where the folder itself cannot be read */
  async read(): Promise<LatchReading> {
    const reading: LatchReading = { entries: [], unreadable: [] }
    for (const name of await readdir(this.path)) {
      if (!name.endsWith('.json')) continue
      const entry = await this.#readEntry(name)
      if (entry === 'gone') continue
      if (entry === null) reading.unreadable.push(name)
      else reading.entries.push(entry)
    }
    reading.entries.sort((a, b) => a.activatedAt.getTime() - b.activatedAt.getTime())
    return reading
  }

  /** Durable when it resolves. @throws Error where the disk does not take it */
  async write(entry: LatchEntry): Promise<void> {
    const text = formatEntry(entry)
    const draft = (await this.#writeReserve(text)) ?? (await this.#writeDraft(text))
    await rename(draft, this.#pathOf(entry.id))
    await this.#sync()
    // The next one may meet a full disk.
    await this.prepare().catch(() => {})
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await rm(this.#pathOf(id), { force: true })
    if (ids.length > 0) await this.#sync()
  }

  /** Out of the way, but kept: somebody may want to know what it was. */
  async setAside(name: string): Promise<void> {
    await rename(join(this.path, name), join(this.path, `${name}.unreadable`))
    await this.#sync()
  }

  async #readEntry(name: string): Promise<LatchEntry | null | 'gone'> {
    try {
      return ENTRY.test(name) ? parseEntry(await readFile(join(this.path, name), 'utf8')) : null
    } catch (error) {
      return isMissing(error) ? 'gone' : null
    }
  }

  #pathOf(id: string): string {
    return join(this.path, `${id}.json`)
  }

  /** Overwrites one of the files in reserve, which needs no room. @returns null where there is none */
  async #writeReserve(text: string): Promise<string | null> {
    const bytes = Buffer.from(text)
    if (bytes.length > RESERVED_BYTES) return null
    for (const name of await readdir(this.path).catch(() => [])) {
      if (!RESERVE.test(name)) continue
      const own = join(this.path, `draft-${randomUUID()}`)
      try {
        // Renamed first, so that no other process takes the same one.
        await rename(join(this.path, name), own)
      } catch {
        continue
      }
      await writeDurably(own, 'r+', Buffer.concat([bytes, Buffer.alloc(RESERVED_BYTES - bytes.length, ' ')]))
      return own
    }
    return null
  }

  async #writeDraft(text: string): Promise<string> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
    const draft = join(this.path, `draft-${randomUUID()}`)
    try {
      await writeDurably(draft, 'wx', Buffer.from(text))
    } catch (error) {
      await rm(draft, { force: true })
      throw error
    }
    return draft
  }

  async #reserve(): Promise<void> {
    const path = join(this.path, `reserve-${randomUUID()}`)
    try {
      await writeDurably(path, 'wx', Buffer.alloc(RESERVED_BYTES, ' '))
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  async #sync(): Promise<void> {
    await syncing(await open(this.path, 'r'))
  }
}

async function writeDurably(path: string, flags: 'r+' | 'wx', bytes: Buffer): Promise<void> {
  const file = await open(path, flags, 0o600)
  await syncing(file, () => file.write(bytes, 0, bytes.length, 0).then(() => {}))
}

async function syncing(file: FileHandle, write: () => Promise<void> = async () => {}): Promise<void> {
  try {
    await write()
    await file.sync()
  } finally {
    await file.close()
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
