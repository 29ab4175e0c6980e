import { findSetting, putSetting, type Queryable } from '@quantdeck/db'
import type { JsonValue } from '@quantdeck/domain'
import type { StandInSnapshot } from './model-stand-in.ts'
import type { MarketSnapshot } from './usdcop-series.ts'

const KEY = 'demo.progress'

/** How far the demo has come: written in the transaction of the facts it speaks of. Instants are epoch ms. */
export interface DemoProgress {
  /** The instant the history was laid out for. A resumed build uses the same one. */
  builtFor: number
  /** Events of the history that are done; null when it is complete. */
  eventsDone: number | null
  /** The market as it stands (live) or null while the history is being built. */
  market: MarketSnapshot | null
  models: Record<string, StandInSnapshot>
  /** Index of the next S&P 500 row and the session it came after. */
  spxIndex: number
  spxUntil: number
  /** Close of the last USD/COP bar. */
  usdcopUntil: number
}

export async function findProgress(db: Queryable): Promise<DemoProgress | null> {
  // Written by putProgress only, so its shape is known.
  return (await findSetting(db, KEY)) as DemoProgress | null
}

export async function putProgress(db: Queryable, progress: DemoProgress, at: Date): Promise<void> {
  // Snapshots are plain numbers and strings; interfaces have no index signature to say so.
  const value = structuredClone({ ...progress }) as unknown as JsonValue
  await putSetting(db, KEY, value, at)
}
