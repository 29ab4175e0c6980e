import { deck } from '@quantdeck/contracts'
import { formatInstant, toDecimal } from '@quantdeck/domain'
import { implement, type Implements } from '../../trpc/implement.ts'
import { createInstrument, listBars, listInstruments, listQuarantine } from './operations.ts'
import { postBars } from './operations-post-bars.ts'
import { dataQuality } from './operations-quality.ts'
import { resolveQuarantined } from './operations-quarantine.ts'
import {
  presentBar,
  presentInstrument,
  presentPostedBars,
  presentQuality,
  presentQuarantinedBar,
  toEndInstant,
  toIncomingBar,
  toInstant,
} from './present-deck.ts'

export const marketDataDeck = {
  postBars: implement(deck.marketData.postBars, async ({ deps, actor, input }) => {
    const posted = await postBars(deps, actor, {
      symbol: input.symbol,
      intervalSeconds: input.interval_seconds ?? null,
      bars: input.bars.map(toIncomingBar),
      rejected: input.rejected ?? [],
      fileName: input.file_name ?? null,
      importId: input.import_id ?? null,
      isDryRun: input.dry_run,
    })
    return presentPostedBars(posted, input.dry_run)
  }),
  listBars: implement(deck.marketData.listBars, async ({ deps, actor, input }) => {
    const { instrument, intervalSeconds, bars } = await listBars(deps, actor, {
      symbol: input.symbol,
      intervalSeconds: input.interval_seconds ?? null,
      from: input.from_date === undefined ? null : toInstant(input.from_date),
      to: input.to_date === undefined ? null : toEndInstant(input.to_date),
      limit: input.limit,
    })
    return {
      data: bars.map((bar) => presentBar(bar, instrument)),
      meta: { symbol: instrument.symbol, interval_seconds: intervalSeconds, returned: bars.length },
    }
  }),
  listQuarantine: implement(deck.marketData.listQuarantine, async ({ deps, actor, input }) => {
    const { symbol, status, page, per_page } = input
    const { bars, totalCount } = await listQuarantine(deps, actor, {
      symbol,
      status,
      page,
      perPage: per_page,
    })
    return { data: bars.map(presentQuarantinedBar), meta: { total_count: totalCount, page, per_page } }
  }),
  acceptQuarantined: implement(deck.marketData.acceptQuarantined, async ({ deps, actor, input }) => {
    const { quarantine_id: quarantineId, reason } = input
    const bar = await resolveQuarantined(deps, actor, { quarantineId, reason, status: 'ACCEPTED' })
    return { message: 'Bar accepted', data: presentQuarantinedBar(bar) }
  }),
  dropQuarantined: implement(deck.marketData.dropQuarantined, async ({ deps, actor, input }) => {
    const { quarantine_id: quarantineId, reason } = input
    const bar = await resolveQuarantined(deps, actor, { quarantineId, reason, status: 'DROPPED' })
    return { message: 'Bar dropped', data: presentQuarantinedBar(bar) }
  }),
  quality: implement(deck.marketData.quality, async ({ deps, actor, input }) => {
    const series = await dataQuality(deps, actor, input.symbol)
    return { data: series.map(presentQuality), meta: { timestamp: formatInstant(deps.clock.now()) } }
  }),
  listInstruments: implement(deck.marketData.listInstruments, async ({ deps, actor }) => {
    const listed = await listInstruments(deps, actor)
    return { data: listed.map(presentInstrument), meta: { total_count: listed.length } }
  }),
  createInstrument: implement(deck.marketData.createInstrument, async ({ deps, actor, input }) => {
    const decimalOrNull = (text: string | undefined) => (text === undefined ? null : toDecimal(text))
    const instrument = await createInstrument(deps, actor, {
      symbol: input.symbol,
      contractType: input.contract_type,
      currency: input.currency,
      tickSize: toDecimal(input.tick_size),
      lotSize: toDecimal(input.lot_size),
      minQuantity: decimalOrNull(input.min_quantity),
      maxQuantity: decimalOrNull(input.max_quantity),
      multiplier: toDecimal(input.multiplier),
      calendar: input.calendar ?? null,
      barIntervalSeconds: input.bar_interval_seconds,
      source: input.source ?? null,
    })
    return {
      message: `Instrument ${instrument.symbol} created`,
      data: presentInstrument({ instrument, lastPrice: null }),
    }
  }),
} satisfies Implements<typeof deck.marketData>
