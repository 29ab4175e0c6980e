import type { Role } from '@quantdeck/domain'

import type { Hints } from './schema-values.ts'
import type { Stall } from './stall-watch.ts'

/** What a test may ask of the server's process, beside the server's own doors. */
export interface Remote {
  begin(): Promise<{ url: string }>
  hints(): Promise<Hints>
  /** An access token of a fresh session whose password has just been confirmed. */
  enter(role: Role): Promise<string>
  /** The refresh token of a fresh session. */
  refreshToken(): Promise<string>
  /** Every table's content, as one short text each. */
  digest(): Promise<Record<string, string>>
  /** Waits until what earlier requests set going (fills, the sealer, runs) has come to rest. */
  settle(): Promise<void>
  /** Releases whatever kill switch a generated request has set. */
  release(): Promise<void>
  /** The clock stands still otherwise. */
  advance(ms: number): Promise<void>
  /** The longest stall of its loop since it was last asked. */
  takeStall(): Promise<Stall>
  /** What it has logged as an error since it was last asked. */
  takeErrors(): Promise<string[]>
  end(): Promise<void>
}

export interface Call {
  id: number
  name: keyof Remote
  argument: unknown
}

export interface Result {
  id: number
  value?: unknown
  error?: string
}
