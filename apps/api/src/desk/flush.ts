import { randomUUID } from 'node:crypto'
import {
  appendAudit,
  appendOutbox,
  auditInsertion,
  bumpAccountVersion,
  insertAlerts,
  insertBars,
  insertEquityPoints,
  insertFills,
  insertInferences,
  insertOrders,
  insertRiskEvents,
  insertSignals,
  type NewOutboxMessage,
  ordersInsertion,
  ordersUpdate,
  outboxInsertion,
  setOrderReason,
  type Trx,
  updateOrders,
  upsertMarks,
  upsertPositions,
  upsertRiskStates,
  type Write,
  writeLast,
} from '@quantdeck/db'
import type { JsonValue } from '@quantdeck/domain'
import type { Books } from './books.ts'
import type { ChangeSet } from './changes.ts'
import { alertMessage } from './messages.ts'
import { storeChecks } from './stored-checks.ts'

export interface FlushOptions {
  /** False for the demo's history: nobody is told, and only the signals stay replayable. */
  push: boolean
  now: Date
}

/** Writes a change set in a few batched statements, in the order in which the rows refer to each other. */
export async function flush(
  trx: Trx,
  books: Books,
  changes: ChangeSet,
  options: FlushOptions,
): Promise<void> {
  if (changes.isEmpty) return
  if (changes.areOrdersOnly) {
    books.version = await writeLast(trx, books.mode, orderWrites(changes, options))
    return
  }
  await insertBars(trx, changes.bars)
  await upsertMarks(trx, marksOf(books, changes))
  await insertSignals(trx, changes.signals)
  await insertOrders(trx, newOrders(changes))
  await updateOrders(trx, [...changes.changedOrders.values()])
  for (const [orderId, reason] of changes.reasons) await setOrderReason(trx, orderId, reason)
  await insertFills(trx, changes.fills)
  await upsertPositions(trx, [...changes.positions.values()])
  await insertInferences(
    trx,
    changes.inferences.map((inference) => ({ ...inference, receivedAt: inference.inferredAt })),
  )
  await insertEquityPoints(trx, [...changes.equityPoints.values()])
  await writeRisk(trx, changes)
  const outbox = [...changes.outbox, ...(await writeAlerts(trx, changes))]
  await appendAudit(trx, changes.audit)
  await appendOutbox(trx, toOutbox(outbox, options))
  if (changes.touchesBooks) books.version = await bumpAccountVersion(trx, books.mode)
}

/** Submissions and what the broker says of orders short of a fill: most of what there is to write, in one statement. */
function orderWrites(changes: ChangeSet, options: FlushOptions): Write[] {
  const changed = [...changes.changedOrders.values()]
  const outbox = toOutbox(changes.outbox, options)
  return [
    ...(changes.newOrders.size > 0 ? [ordersInsertion(newOrders(changes))] : []),
    ...(changed.length > 0 ? [ordersUpdate(changed)] : []),
    ...(changes.audit.length > 0 ? [auditInsertion(changes.audit)] : []),
    ...(outbox.length > 0 ? [outboxInsertion(outbox)] : []),
  ]
}

function marksOf(books: Books, changes: ChangeSet) {
  return [...changes.marks].map(([symbol, mark]) => ({
    symbol,
    ...mark,
    source: books.instruments.get(symbol)?.source ?? 'unknown',
  }))
}

function newOrders(changes: ChangeSet) {
  return [...changes.newOrders.values()].map((order) => ({
    ...order,
    checks: storeChecks(changes.orderChecks.get(order.orderId) ?? []),
  }))
}

/** States are plain data; this drops what JSON has no word for. */
function plainJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue
}

async function writeRisk(trx: Trx, changes: ChangeSet): Promise<void> {
  if (changes.riskEvents.length === 0) return
  const rows = changes.riskEvents.map(({ scope, event }) => {
    const { type, at, ...payload } = event
    return { scope, type, at: new Date(at), payload }
  })
  const seqs = await insertRiskEvents(trx, rows)
  const lastSeq = new Map(rows.map((row, index) => [row.scope, seqs[index] ?? 0]))
  await upsertRiskStates(
    trx,
    [...changes.riskStates].map(([scope, state]) => ({
      scope,
      state: plainJson(state),
      lastSeq: lastSeq.get(scope) ?? 0,
    })),
  )
}

async function writeAlerts(trx: Trx, changes: ChangeSet): Promise<ChangeSet['outbox']> {
  if (changes.alerts.length === 0) return []
  const written = await insertAlerts(
    trx,
    changes.alerts.map(({ acknowledgedBy, ...alert }) => ({
      ...alert,
      alertId: randomUUID(),
      acknowledged: acknowledgedBy !== undefined,
      acknowledgedAt: acknowledgedBy === undefined ? null : alert.createdAt,
      acknowledgedBy: acknowledgedBy ?? null,
    })),
  )
  return written.map(alertMessage)
}

function toOutbox(messages: ChangeSet['outbox'], { push, now }: FlushOptions): NewOutboxMessage[] {
  const kept = push ? messages : messages.filter((message) => message.topic === 'signals')
  return kept.map((message) => ({
    topic: message.topic,
    key: message.key,
    payload: message.payload,
    createdAt: message.at ?? now,
    push,
  }))
}
