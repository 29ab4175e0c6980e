import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as rows from '@quantdeck/db'
import type { KillSwitchScope, NewAuditEntry } from '@quantdeck/db'
import { AppError, ensureDefined, notFound, type Order, type TradingMode } from '@quantdeck/domain'
import { type Actor, requirePerson } from '../../auth/actor.ts'
import { auditFacts } from '../../auth/audit-facts.ts'
import type { Deps } from '../../deps.ts'
import type { NewAlert } from '../../desk/changes.ts'
import type { DeskContext } from '../../desk/context.ts'
import { inWords, strategyOf } from './effective-state.ts'
import { clearTheWay, type Flattened, flattenPositions, hasOtherExits } from './flatten-positions.ts'
import { flattenProgress, type FlattenProgress } from './flatten-progress.ts'
import { scopeOf, type Subject } from './operations-kill-switch.ts'
import { stateInBooks } from './risk-latches.ts'

/** Brokers answer a cancellation within this, or the flatten goes on with what is not covered. */
const CANCEL_MS = 3000
const LOOK_MS = 100

export interface FlattenInput extends Subject {
  /** The scope's name, typed by hand. */
  confirm: string
  reason: string
}

/**
 * Closes every open position of a halted scope with one reduce-only market order each: the only orders that pass HALTED.
 * A second call adds nothing where an order of the first still works: it closes nothing twice.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR for another name than the scope's, CONFLICT unless it is HALTED
 */
export async function startFlatten(deps: Deps, actor: Actor, input: FlattenInput): Promise<FlattenProgress> {
  requirePerson(actor, 'risk')
  const scope = await scopeOf(deps, actor, input)
  assertConfirmed(scope, input.confirm)
  const modes = await haltedModes(deps, scope)
  if (modes.length === 0) throw notHalted(scope)
  const { kysely } = deps.db
  const latest = await flattenProgress(deps, await rows.findLatestFlatten(kysely, scope))
  const flattenId = latest?.status === 'RUNNING' ? latest.flattenId : randomUUID()
  const asked: Asked = { actor, scope, flattenId, reason: input.reason }
  for (const mode of modes) await clear(deps, asked, mode)
  for (const [index, mode] of modes.entries()) await flatten(deps, asked, mode, index === modes.length - 1)
  return ensureDefined(await flattenProgress(deps, await rows.findFlatten(kysely, flattenId)), flattenId)
}

/** @throws AppError FORBIDDEN, NOT_FOUND */
export async function getFlatten(deps: Deps, actor: Actor, flattenId: string): Promise<FlattenProgress> {
  requirePerson(actor, 'risk')
  const progress = await flattenProgress(deps, await rows.findFlatten(deps.db.kysely, flattenId))
  if (progress === null) throw notFound('Flatten')
  return progress
}

interface Asked {
  actor: Actor
  scope: KillSwitchScope
  flattenId: string
  reason: string
}

function nameOf(scope: KillSwitchScope): string {
  return scope.replace(/^(?:strategy|symbol):/, '')
}

function assertConfirmed(scope: KillSwitchScope, typed: string): void {
  if (typed === nameOf(scope)) return
  const details = [{ field: 'confirm', message: `Type ${nameOf(scope)} to confirm` }]
  throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details })
}

function notHalted(scope: KillSwitchScope): AppError {
  const message = `Trading is not halted ${inWords(scope)}: only what is HALTED can be flattened`
  return new AppError('CONFLICT', message)
}

/** Real money first: if the second account fails, a repeated call does the rest. */
async function haltedModes({ db, desk }: Deps, scope: KillSwitchScope): Promise<TradingMode[]> {
  const halted: TradingMode[] = []
  for (const { mode } of await rows.listAccounts(db.kysely))
    if ((await desk.read(mode, (books) => stateInBooks(books, scope))) === 'HALTED') halted.push(mode)
  return halted.sort()
}

/** Exits that rest at the broker go first, and are waited for a moment. */
async function clear({ desk }: Deps, { actor, scope, reason }: Asked, mode: TradingMode): Promise<void> {
  requirePerson(actor, 'risk')
  await desk.run(mode, (ctx) => {
    if (stateInBooks(ctx.books, scope) !== 'HALTED') throw notHalted(scope)
    const cancelled = clearTheWay(ctx, scope)
    ctx.changes.audit.push(...cancelled.map((one) => cancelEntry(actor, one, { at: ctx.at, reason })))
  })
  for (let waited = 0; waited < CANCEL_MS; waited += LOOK_MS) {
    if (!(await desk.read(mode, (books) => hasOtherExits(books, scope)))) return
    await sleep(LOOK_MS)
  }
}

function cancelEntry(
  actor: Actor,
  { before, after }: { before: Order; after: Order },
  { at, reason }: { at: Date; reason: string },
): NewAuditEntry {
  return {
    ...auditFacts(actor, at),
    ...{ action: 'order.cancel', entity: 'order', entityId: before.orderId, reason },
    before: { status: before.status, filled_quantity: before.filledQuantity.toFixed() },
    after: { status: after.status },
  }
}

/** One transaction: judged under the account's lock, so that of two calls at once the second sees the orders of the first. */
async function flatten(deps: Deps, asked: Asked, mode: TradingMode, isLast: boolean): Promise<void> {
  const { actor, scope, flattenId } = asked
  requirePerson(actor, 'risk')
  await deps.desk.run(mode, async (ctx, trx) => {
    if (stateInBooks(ctx.books, scope) !== 'HALTED') throw notHalted(scope)
    const stored = await rows.findFlatten(trx, flattenId)
    const done = flattenPositions(ctx, scope)
    const [part] = stored.filter((one) => one.mode === mode)
    const isRepeated = part !== undefined && done.orders.length === 0
    // An account without positions needs no part of it, as long as there is one to show.
    const isEmpty = done.positions.length === 0 && (stored.length > 0 || !isLast)
    if (isRepeated || isEmpty) return
    const open = new Set(done.positions.map(({ positionId }) => positionId))
    const closedBefore = (part?.positions ?? []).filter(({ positionId }) => !open.has(positionId))
    await rows.upsertFlattenPart(trx, {
      ...{ flattenId, mode, scope, reason: asked.reason, startedBy: actor.label, startedAt: ctx.at },
      positions: [...closedBefore, ...done.positions],
    })
    ctx.changes.audit.push(flattenEntry(ctx, asked, done))
    ctx.changes.alerts.push(flattenAlert(ctx, asked, done))
  })
}

function flattenEntry({ at, books }: DeskContext, asked: Asked, done: Flattened): NewAuditEntry {
  const { actor, scope, flattenId, reason } = asked
  return {
    ...auditFacts(actor, at),
    ...{ action: 'kill_switch.flatten', entity: 'kill_switch', entityId: scope, before: null, reason },
    after: {
      flatten_id: flattenId,
      mode: books.mode,
      positions: done.positions.map(({ strategyId, symbol, quantity, orderId }) => ({
        ...{ strategy_id: strategyId, symbol, quantity, order_id: orderId },
      })),
    },
  }
}

function flattenAlert({ at, books }: DeskContext, asked: Asked, done: Flattened): NewAlert {
  const { actor, scope, flattenId, reason } = asked
  const count = done.orders.length
  return {
    severity: 'CRITICAL',
    code: 'KILL_SWITCH_FLATTEN',
    message: `Flatten ${inWords(scope)} by ${actor.label}: ${count} closing ${count === 1 ? 'order' : 'orders'} in ${books.mode}: ${reason}`,
    context: { scope, flatten_id: flattenId, mode: books.mode, reason, orders: count },
    strategyId: strategyOf(scope),
    dedupeKey: null,
    createdAt: at,
  }
}
