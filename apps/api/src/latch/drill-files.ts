import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { isMissing } from './latch-folder.ts'

/** What a drill found. Seconds count from the moment it stopped trading. */
export interface DrillReport {
  drill_id: string
  started_at: string
  asked_by: string
  strategies: string[]
  orders: { working: number; ended: number; left: number }
  seconds: {
    on_disk: number | null
    stored: number | null
    first_cancel: number | null
    last_cancel: number | null
  }
  /** Orders that were given after the stop was acknowledged, and how many of them were refused. */
  after: { given: number; refused: number }
  passed: boolean
  note: string
}

export interface DrillRequest {
  id: string
  /** Null: every active strategy in PAPER. */
  strategyId: string | null
  askedBy: string
}

const REQUEST = '.request'
const schema = z.object({ id: z.uuid(), strategyId: z.string().nullable(), askedBy: z.string() })

/** Drills are asked for by the command line, done by the server, and their reports are kept: all in one folder. */
export class DrillFiles {
  readonly path: string

  constructor(latchFolder: string) {
    this.path = join(latchFolder, 'drills')
  }

  async ask(request: DrillRequest): Promise<void> {
    await this.#write(`${request.id}${REQUEST}`, request)
  }

  /** The next one that was asked for, taken away from everybody else. */
  async take(): Promise<DrillRequest | null> {
    for (const name of await this.#names()) {
      if (!name.endsWith(REQUEST)) continue
      const taken = join(this.path, `${name}.taken`)
      try {
        await rename(join(this.path, name), taken)
        return schema.parse(JSON.parse(await readFile(taken, 'utf8')))
      } catch {
        continue
      } finally {
        await rm(taken, { force: true })
      }
    }
    return null
  }

  async isTaken(id: string): Promise<boolean> {
    return !(await this.#names()).includes(`${id}${REQUEST}`)
  }

  /** Nobody is to do it any more. */
  async withdraw(id: string): Promise<void> {
    await rm(join(this.path, `${id}${REQUEST}`), { force: true })
  }

  async keep(report: DrillReport): Promise<void> {
    await this.#write(`${report.drill_id}.json`, report)
  }

  async find(id: string): Promise<DrillReport | null> {
    try {
      return JSON.parse(await readFile(join(this.path, `${id}.json`), 'utf8')) as DrillReport
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  /** Recent first. */
  async list(): Promise<DrillReport[]> {
    const ids = (await this.#names())
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -5))
    const reports = (await Promise.all(ids.map((id) => this.find(id)))).filter((one) => one !== null)
    return reports.sort((a, b) => (a.started_at < b.started_at ? 1 : -1))
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.path)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  async #write(name: string, value: object): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
    const draft = join(this.path, `${name}.draft`)
    await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, join(this.path, name))
  }
}
