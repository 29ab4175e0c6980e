import { type Database, pingDatabase } from '@quantdeck/db'
import { SECOND_MS } from '@quantdeck/domain'
import { NotInTime, within } from '../../within.ts'

const PING_MS = SECOND_MS / 2

/**
 * Waits again and again for what a slow database does, as long as it answers: one that is gone or frozen is not waited for.
 * @throws NotInTime, and what the work throws before
 */
export async function withinOrWhileSlow<T>(
  db: Database,
  work: Promise<T>,
  { ms, times }: { ms: number; times: number },
): Promise<T> {
  for (let waits = 1; ; waits += 1) {
    try {
      return await within(work, ms)
    } catch (error) {
      // An embedded one would answer after the work itself.
      const isSlow = error instanceof NotInTime && db.kind === 'postgres' && waits < times
      if (!isSlow || !(await answers(db))) throw error
    }
  }
}

async function answers({ kysely }: Database): Promise<boolean> {
  return within(pingDatabase(kysely), PING_MS).then(
    () => true,
    () => false,
  )
}
