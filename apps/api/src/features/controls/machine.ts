import type { KillSwitch, KillSwitchScope } from '@quantdeck/db'
import type { LatchEntry, StoppedLevel } from '../../latch/latch-entry.ts'
import { worstState } from './effective-state.ts'

/** The kill switch of one scope as a machine: what a row becomes, without any I/O. */
export interface Activation {
  scope: KillSwitchScope
  level: StoppedLevel
  cause: string
  reason: string
  by: string
  at: Date
}

/** A drill's stop is nobody's decision: a real one takes its place, and only the drill's own is ended with the drill. */
export const DRILL = 'drill'

/**
 * @returns the new row, or null where it says as much already: the first activation is kept, a stop is never loosened. A
 * drill changes nothing that is stopped.
 */
export function activated(current: KillSwitch | null, asked: Activation): KillSwitch | null {
  const { scope, cause, reason, by, at } = asked
  const isStopped = current !== null && current.level !== 'ACTIVE'
  const isTakenOver = isStopped && current.cause === DRILL && cause !== DRILL
  const level = isTakenOver ? asked.level : worstState([current?.level ?? 'ACTIVE', asked.level])
  if (isStopped && !isTakenOver && (current.level === level || cause === DRILL)) return null
  const isFirst = current === null || current.level === 'ACTIVE' || isTakenOver
  return {
    ...{ scope, level, cause, reason },
    activatedAt: isFirst ? at : current.activatedAt,
    activatedBy: isFirst ? by : current.activatedBy,
    deactivatedAt: null,
    deactivatedBy: null,
    updatedAt: at,
  }
}

export interface Release {
  reason: string
  by: string
  at: Date
}

/** @returns the new row, or null where nothing is stopped */
export function released(current: KillSwitch | null, { reason, by, at }: Release): KillSwitch | null {
  if (current === null || current.level === 'ACTIVE') return null
  return { ...current, level: 'ACTIVE', reason, deactivatedAt: at, deactivatedBy: by, updatedAt: at }
}

/** Since when a scope is stopped by what the latch holds of it: repeating a stop does not begin it anew. */
export function stoppedSince(entry: LatchEntry, held: readonly LatchEntry[]): Date {
  const own = [entry, ...held.filter(({ scope }) => scope === entry.scope)]
  // A real stop takes the place of a drill's.
  const counted = entry.cause === DRILL ? own : own.filter(({ cause }) => cause !== DRILL)
  return new Date(
    Math.min(...counted.map(({ storedAs, activatedAt }) => (storedAs ?? activatedAt).getTime())),
  )
}

/**
 * What the database's row says of a stop that the latch holds. `missing`: it has to be stored, because it never was or
 * because the database lost it (an embedded one does not fsync). `released`: a person ended this very stop.
 */
export function fateOf(entry: LatchEntry, row: KillSwitch | null): 'held' | 'released' | 'missing' {
  if (row === null || row.activatedAt === null) return 'missing'
  const since = entry.storedAs ?? entry.activatedAt
  const isOwn = row.activatedAt.getTime() === since.getTime()
  if (entry.storedAs === null) return isOwn && row.deactivatedAt !== null ? 'released' : fateOfNew(entry, row)
  if (worstState([row.level, entry.level]) === row.level) return 'held'
  const isLater = row.activatedAt > since
  return isLater || (isOwn && row.deactivatedAt !== null) ? 'released' : 'missing'
}

function fateOfNew(entry: LatchEntry, row: KillSwitch): 'held' | 'missing' {
  const isTakenOver = row.cause === DRILL && entry.cause !== DRILL
  // A drill asks for nothing where something is stopped.
  if (entry.cause === DRILL && row.level !== 'ACTIVE') return 'held'
  return !isTakenOver && worstState([row.level, entry.level]) === row.level ? 'held' : 'missing'
}
