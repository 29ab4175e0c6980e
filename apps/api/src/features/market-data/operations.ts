import { randomUUID } from 'node:crypto'
import * as db from '@quantdeck/db'
import {
  AppError,
  type Bar,
  CALENDAR_IDS,
  type CalendarId,
  type ContractType,
  type Decimal,
  type Instrument,
  notFound,
} from '@quantdeck/domain'
import { type Actor, requireRole } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'

type MarketDataDeps = Pick<Deps, 'db' | 'clock'>

export interface BarQuery {
  symbol: string
  /** The instrument's own unless given. */
  intervalSeconds: number | null
  from: Date | null
  to: Date | null
  /** At most so many of the most recent. */
  limit: number
}

export interface BarPage {
  instrument: Instrument
  intervalSeconds: number
  /** Recent first. */
  bars: Bar[]
}

/** @throws AppError NOT_FOUND for an unknown symbol */
export async function listBars(deps: MarketDataDeps, actor: Actor, query: BarQuery): Promise<BarPage> {
  requireRole(actor, 'viewer')
  const instrument = await db.findInstrument(deps.db.kysely, query.symbol)
  if (instrument === null) throw notFound('Instrument')
  const intervalSeconds = query.intervalSeconds ?? instrument.barIntervalSeconds
  const series = { symbol: instrument.symbol, intervalSeconds }
  const latest = await db.listLatestBars(deps.db.kysely, series, query.limit, query.to ?? undefined)
  const { from } = query
  const bars = from === null ? latest : latest.filter((bar) => bar.openedAt >= from)
  return { instrument, intervalSeconds, bars: bars.reverse() }
}

export type ListedQuarantinedBar = db.QuarantinedBar

export interface QuarantineQuery {
  symbol?: string | undefined
  status?: db.QuarantineStatus | undefined
  page: number
  perPage: number
}

export async function listQuarantine(
  deps: Pick<Deps, 'db' | 'pages'>,
  actor: Actor,
  { page, perPage, ...filter }: QuarantineQuery,
): Promise<{ bars: ListedQuarantinedBar[]; totalCount: number }> {
  requireRole(actor, 'viewer')
  const window = deps.pages.page(actor, 'quarantine', filter, { page, perPage })
  return db.listQuarantinedBars(deps.db.kysely, filter, window)
}

export interface ListedInstrument {
  instrument: Instrument
  lastPrice: { price: Decimal; at: Date } | null
}

export async function listInstruments(deps: MarketDataDeps, actor: Actor): Promise<ListedInstrument[]> {
  requireRole(actor, 'viewer')
  const marks = new Map((await db.listMarks(deps.db.kysely)).map((mark) => [mark.symbol, mark]))
  const instruments = await db.listInstruments(deps.db.kysely)
  return instruments.map((instrument) => ({ instrument, lastPrice: marks.get(instrument.symbol) ?? null }))
}

export interface CreateInstrumentInput {
  symbol: string
  contractType: ContractType
  currency: string
  tickSize: Decimal
  lotSize: Decimal
  /** One lot unless given. */
  minQuantity: Decimal | null
  maxQuantity: Decimal | null
  multiplier: Decimal
  /** The contract type's usual one unless given. */
  calendar: string | null
  barIntervalSeconds: number
  source: string | null
}

const USUAL_CALENDAR: Record<ContractType, CalendarId> = {
  STOCK: 'NYSE',
  INDEX: 'NYSE',
  FX: 'FX',
  CRYPTO: '24/7',
}

/** @throws AppError CONFLICT if the symbol exists, VALIDATION_ERROR for an unknown calendar */
export async function createInstrument(
  deps: MarketDataDeps,
  actor: Actor,
  input: CreateInstrumentInput,
): Promise<Instrument> {
  requireRole(actor, 'trader')
  const calendar = input.calendar ?? USUAL_CALENDAR[input.contractType]
  if (!CALENDAR_IDS.some((id) => id === calendar)) {
    const message = `calendar must be one of ${CALENDAR_IDS.join(', ')}`
    throw new AppError('VALIDATION_ERROR', message, { details: [{ field: 'calendar', message }] })
  }
  const instrument: Instrument = {
    symbol: input.symbol,
    contractType: input.contractType,
    currency: input.currency,
    tickSize: input.tickSize,
    lotSize: input.lotSize,
    minQuantity: input.minQuantity ?? input.lotSize,
    maxQuantity: input.maxQuantity,
    multiplier: input.multiplier,
    priceDecimals: input.tickSize.decimalPlaces(),
    quantityDecimals: input.lotSize.decimalPlaces(),
    calendar,
    barIntervalSeconds: input.barIntervalSeconds,
    source: input.source ?? 'imported',
  }
  await db.transaction(deps.db, async (trx) => {
    if (!(await db.insertInstrument(trx, instrument))) {
      throw new AppError('CONFLICT', `The instrument ${input.symbol} exists`)
    }
    await db.appendAudit(trx, [creationEntry(deps, actor, instrument)])
    // The desk keeps the instruments in memory.
    await db.bumpAllAccountVersions(trx)
  })
  return instrument
}

function creationEntry(deps: MarketDataDeps, actor: Actor, instrument: Instrument): db.NewAuditEntry {
  return {
    auditId: randomUUID(),
    at: deps.clock.now(),
    actorId: actor.userId,
    actorLabel: actor.label,
    role: actor.role,
    action: 'instrument.create',
    entity: 'instrument',
    entityId: instrument.symbol,
    before: null,
    after: {
      contract_type: instrument.contractType,
      currency: instrument.currency,
      source: instrument.source,
    },
    reason: null,
    requestId: actor.requestId,
    ip: actor.ip,
  }
}
