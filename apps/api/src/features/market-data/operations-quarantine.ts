import * as db from '@quantdeck/db'
import { transaction, type QuarantinedBar, type Trx } from '@quantdeck/db'
import { AppError, type Bar, isDecimalString, type JsonValue, notFound, toDecimal } from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { PostBarsDeps } from './operations-post-bars.ts'

export interface Resolution {
  quarantineId: string
  status: 'ACCEPTED' | 'DROPPED'
  reason: string
}

/**
 * A person's word on a bar that the rules kept out. An accepted one becomes a bar of its series, in place of what stood
 * at its time; strategies see it with the next bar, since what they did is history.
 * @throws AppError NOT_FOUND, CONFLICT when it was decided before or can be no bar
 */
export async function resolveQuarantined(
  deps: PostBarsDeps,
  actor: Actor,
  resolution: Resolution,
): Promise<QuarantinedBar> {
  requireRole(actor, 'trader')
  const { quarantineId, status, reason } = resolution
  const found = await db.findQuarantinedBar(deps.db.kysely, quarantineId)
  if (found === null) throw notFound('Quarantined bar')
  const resolved = { status, resolvedAt: deps.clock.now(), resolvedBy: actor.label }
  await transaction(deps.db, async (trx) => {
    const replaced = status === 'ACCEPTED' ? await takeBar(trx, found) : null
    if (!(await db.resolveQuarantinedBar(trx, quarantineId, resolved))) {
      throw new AppError('CONFLICT', 'This bar was decided before')
    }
    await db.appendAudit(trx, [
      {
        ...auditFacts(actor, resolved.resolvedAt),
        action: status === 'ACCEPTED' ? 'quarantine.accept' : 'quarantine.drop',
        entity: 'quarantined_bar',
        entityId: quarantineId,
        before: replaced === null ? null : barFacts(replaced),
        after: { symbol: found.symbol, reason: found.reason, raw: found.raw },
        reason,
      },
    ])
  })
  return { ...found, ...resolved }
}

/** @returns the bar that stood at its time before */
async function takeBar(trx: Trx, found: QuarantinedBar): Promise<Bar | null> {
  const instrument = await db.findInstrument(trx, found.symbol)
  const bar = toPossibleBar(found, instrument?.source ?? 'imported')
  if (bar === null) throw new AppError('CONFLICT', 'This can be no bar: it can only be dropped')
  const series = { symbol: bar.symbol, intervalSeconds: bar.intervalSeconds }
  await db.lockBarSeries(trx, series)
  const [before] = await db.listBars(trx, series, { from: bar.openedAt, to: bar.openedAt }, 1)
  await db.insertBars(trx, [bar], 'replace')
  return before ?? null
}

const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const

/** The bar that a quarantined row says, or null where it says none: text of a file, a high below the low. */
function toPossibleBar(found: QuarantinedBar, source: string): Bar | null {
  const { openedAt, intervalSeconds, raw, symbol } = found
  if (openedAt === null || intervalSeconds === null || !isObject(raw)) return null
  const texts = PRICES.map((name) => raw[name]).filter((value) => typeof value === 'string')
  if (texts.length < PRICES.length || !texts.every(isDecimalString)) return null
  const [open, high, low, close, volume] = texts.map((text) => toDecimal(text))
  if (!open || !high || !low || !close || !volume) return null
  const isPossible =
    low.gt(0) && low.lte(open) && low.lte(close) && high.gte(open) && high.gte(close) && volume.gte(0)
  const closedAt = new Date(openedAt.getTime() + intervalSeconds * 1000)
  return isPossible
    ? { symbol, intervalSeconds, openedAt, closedAt, open, high, low, close, volume, source }
    : null
}

function barFacts(bar: Bar): { [key: string]: JsonValue } {
  return {
    opened_at: bar.openedAt.toISOString(),
    ...Object.fromEntries(PRICES.map((name) => [name, bar[name].toFixed()])),
  }
}

function isObject(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
