import type { KillSwitchScope } from '@quantdeck/db'
import type { Role, TradingState } from '@quantdeck/domain'
import * as z from 'zod'

/** What happens to working orders when a kill switch is activated. */
export const ON_ACTIVATE = ['none', 'cancel_entries', 'cancel_all', 'flatten'] as const
export type OnActivate = (typeof ON_ACTIVATE)[number]

export type StoppedLevel = Exclude<TradingState, 'ACTIVE'>

/** Who stopped, as the audit log will name them. */
export interface LatchedBy {
  label: string
  userId: string | null
  apiKeyId: string | null
  role: Role | null
  requestId: string
  ip: string | null
}

/** One activation, as it is kept on the disk until it has been released. */
export interface LatchEntry {
  id: string
  scope: KillSwitchScope
  level: StoppedLevel
  cause: string
  reason: string
  onActivate: OnActivate
  activatedAt: Date
  by: LatchedBy
  /** `activated_at` of the database's row that says the same; null: not known to be there. */
  storedAs: Date | null
  /** What was to happen to working orders has happened. */
  isDone: boolean
}

const instant = z.iso.datetime().transform((text) => new Date(text))
const schema = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  scope: z
    .string()
    .regex(/^(?:global|strategy:.+|symbol:.+)$/)
    .transform((text) => text as KillSwitchScope),
  level: z.enum(['REDUCING', 'HALTED']),
  cause: z.string(),
  reason: z.string(),
  on_activate: z.enum(ON_ACTIVATE),
  activated_at: instant,
  by: z.strictObject({
    label: z.string(),
    user_id: z.string().nullable(),
    api_key_id: z.string().nullable(),
    role: z.enum(['viewer', 'trader', 'risk', 'admin']).nullable(),
    request_id: z.string(),
    ip: z.string().nullable(),
  }),
  stored_as: instant.nullable(),
  is_done: z.boolean(),
})

export function formatEntry(entry: LatchEntry): string {
  const { label, userId, apiKeyId, role, requestId, ip } = entry.by
  const file: z.input<typeof schema> = {
    version: 1,
    id: entry.id,
    scope: entry.scope,
    level: entry.level,
    cause: entry.cause,
    reason: entry.reason,
    on_activate: entry.onActivate,
    activated_at: entry.activatedAt.toISOString(),
    by: { label, user_id: userId, api_key_id: apiKeyId, role, request_id: requestId, ip },
    stored_as: entry.storedAs?.toISOString() ?? null,
    is_done: entry.isDone,
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

/** @throws Error for anything that is not an entry: whoever reads one counts that as a stop of everything */
export function parseEntry(text: string): LatchEntry {
  const file = schema.parse(JSON.parse(text))
  const { label, user_id: userId, api_key_id: apiKeyId, role, request_id: requestId, ip } = file.by
  return {
    id: file.id,
    scope: file.scope,
    level: file.level,
    cause: file.cause,
    reason: file.reason,
    onActivate: file.on_activate,
    activatedAt: file.activated_at,
    by: { label, userId, apiKeyId, role, requestId, ip },
    storedAs: file.stored_as,
    isDone: file.is_done,
  }
}
