import * as z from 'zod'
import {
  contractType,
  dayOrInstant,
  id,
  idInput,
  instant,
  jsonValue,
  lineInput,
  offsetInstant,
  pageMeta,
  pagination,
  PLAIN_DECIMAL,
  positiveDecimalInput,
  price,
  QUARANTINE_STATUSES,
  reasonInput,
  storedDecimal,
  symbolInput,
  textInput,
  dateRange,
  marketStatus,
} from '../common.ts'
import { BODY_LIMITS, endpoint } from '../endpoint.ts'

/** Any number, signed or absurd: what makes no sense is quarantined with its reason, not refused. */
const barNumber = z
  .union([z.string().max(50).regex(PLAIN_DECIMAL, 'Must be a plain decimal'), z.number()])
  .meta({ id: 'BarNumberInput', description: 'A decimal string, or a JSON number' })

const intervalSeconds = z.int().min(1).max(31_536_000).describe('Seconds')

/** Largest number of bars in one request. */
export const MAX_BARS = 5000

/** One bar as it is posted. */
export const deckBarInput = z
  .strictObject({
    opened_at: dayOrInstant.describe("The bar's opening; a day for daily bars"),
    open: barNumber,
    high: barNumber,
    low: barNumber,
    close: barNumber,
    volume: barNumber.optional().describe('0 unless given'),
    line: z.int().min(1).max(2_147_483_647).optional().describe('Line of the file it was read from'),
  })
  .meta({ id: 'DeckBarInput' })

/** A line of a file that a client could not read as a bar: kept in the quarantine, so that nothing is lost. */
export const deckRejectedRowInput = z
  .strictObject({
    line: z.int().min(1).max(2_147_483_647),
    text: textInput(500).describe('The line as it stands in the file'),
    reason: z
      .string()
      .regex(/^[A-Z][A-Z_]{2,39}$/)
      .describe('Stable code'),
    detail: textInput(500),
  })
  .meta({ id: 'DeckRejectedRowInput' })

/** What became of posted bars. */
export const deckBarsPostResponse = z
  .object({
    message: z.string(),
    data: z.object({
      import_id: id,
      symbol: z.string(),
      interval_seconds: z.int(),
      rows_total: z.int().min(0),
      rows_accepted: z.int().min(0),
      rows_quarantined: z.int().min(0),
      rows_duplicate: z.int().min(0).describe('Already known with the same values'),
      rows_released: z
        .int()
        .min(0)
        .describe('Bars quarantined by earlier requests that this one confirmed as a new price level'),
      released_lines: z.array(z.int()).describe('Lines of those among them that belong to this import'),
      dry_run: z.boolean(),
      quarantined: z.array(
        z.object({
          index: z.int().min(0).nullable().describe('Place in `bars`, from 0; null for a row of `rejected`'),
          line: z.int().nullable().describe('Line of the file, where one was given'),
          reason: z.string().describe('Stable code'),
          detail: z.string(),
        }),
      ),
    }),
  })
  .meta({ id: 'DeckBarsPostResponse' })

/** A bar of the books. */
export const deckBar = z
  .object({
    symbol: z.string(),
    interval_seconds: z.int(),
    opened_at: instant,
    closed_at: instant.describe('Exclusive'),
    open: price,
    high: price,
    low: price,
    close: price,
    volume: storedDecimal,
    source: z.string(),
  })
  .meta({ id: 'DeckBar' })

/** Bars of one symbol. */
export const deckBarListResponse = z
  .object({
    data: z.array(deckBar),
    meta: z.object({ symbol: z.string(), interval_seconds: z.int(), returned: z.int().min(0) }),
  })
  .meta({ id: 'DeckBarListResponse' })

/** A bar that made no sense, with its reason. */
export const deckQuarantinedBar = z
  .object({
    quarantine_id: id,
    symbol: z.string(),
    interval_seconds: z.int(),
    opened_at: instant.nullable(),
    line: z.int().nullable().describe('Line of the imported file'),
    raw: jsonValue.describe('The row as it came'),
    reason: z.string().describe('Stable code'),
    detail: z.string(),
    import_id: id.nullable(),
    status: z.enum(QUARANTINE_STATUSES),
    created_at: instant,
    resolved_at: instant.nullable(),
  })
  .meta({ id: 'DeckQuarantinedBar' })

/** A page of quarantined bars. */
export const deckQuarantineListResponse = z
  .object({ data: z.array(deckQuarantinedBar), meta: pageMeta })
  .meta({ id: 'DeckQuarantineListResponse' })

/** A quarantined bar after a person decided. */
export const deckQuarantineResolution = z
  .object({ message: z.string(), data: deckQuarantinedBar })
  .meta({ id: 'DeckQuarantineResolution' })

/** A stretch of session time without the bars that were expected in it. */
export const deckBarGap = z
  .object({
    after: instant.describe('Open of the last bar before'),
    before: instant.describe('Open of the first bar after'),
    missing_bars: z.int().min(1),
  })
  .meta({ id: 'DeckBarGap' })

/** How complete and how clean one series of bars is. */
export const deckSeriesQuality = z
  .object({
    symbol: z.string(),
    interval_seconds: z.int(),
    calendar: z.string(),
    source: z.string(),
    bars: z.int().min(0),
    first_bar: instant,
    last_bar: instant,
    missing_bars: z.int().min(0).describe('Expected by the calendar between the first bar and the last'),
    gaps: z.array(deckBarGap).describe('The longest ones, longest first'),
    completeness: z.number().min(0).max(1).describe('bars / (bars + missing_bars)'),
    quarantine: z.object({ pending: z.int().min(0), accepted: z.int().min(0), dropped: z.int().min(0) }),
    is_stale: z.boolean().describe('Older than its feed should be, in session time'),
  })
  .meta({ id: 'DeckSeriesQuality' })

/** Quality of every series. */
export const deckDataQualityResponse = z
  .object({ data: z.array(deckSeriesQuality), meta: z.object({ timestamp: instant }) })
  .meta({ id: 'DeckDataQualityResponse' })

/** What can be traded, and in which steps. */
export const deckInstrument = z
  .object({
    symbol: z.string(),
    contract_type: contractType,
    currency: z.string().describe('Quote currency, ISO 4217'),
    tick_size: storedDecimal,
    lot_size: storedDecimal,
    min_quantity: storedDecimal,
    max_quantity: storedDecimal.nullable(),
    multiplier: storedDecimal.describe('Quote currency per unit and price point'),
    price_decimals: z.int().min(0),
    quantity_decimals: z.int().min(0),
    calendar: z.string(),
    bar_interval_seconds: z.int(),
    source: z.string(),
    last_price: price.nullable(),
    last_price_at: instant.nullable(),
  })
  .meta({ id: 'DeckInstrument' })

/** All instruments. */
export const deckInstrumentListResponse = z
  .object({ data: z.array(deckInstrument), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckInstrumentListResponse' })

/** A new instrument. */
export const deckInstrumentResponse = z
  .object({ message: z.string(), data: deckInstrument })
  .meta({ id: 'DeckInstrumentResponse' })

/** State of one market. */
export const deckMarket = z
  .object({
    symbol: z.string(),
    market_status: marketStatus,
    market_price: price.nullable(),
    price_at: instant.nullable(),
    next_open: offsetInstant.nullable().describe("With the exchange's own offset"),
    next_close: offsetInstant.nullable().describe("With the exchange's own offset"),
    calendar: z.string(),
    is_primary: z.boolean().describe('The symbol whose price and status the rl family shows'),
    is_stale: z.boolean(),
  })
  .meta({ id: 'DeckMarket' })

/** State of every market. */
export const deckMarketStatusResponse = z
  .object({ data: z.array(deckMarket), meta: z.object({ timestamp: instant }) })
  .meta({ id: 'DeckMarketStatusResponse' })

const postBars = endpoint(
  {
    method: 'POST',
    path: '/v1/market-data/bars',
    summary: 'Post bars of one symbol',
    description: 'Bars that make no sense are quarantined with a reason, the others are taken.',
    tags: ['Market data'],
    access: { role: 'trader', scope: 'market_data' },
    rateLimit: 'ingest',
    status: 202,
    errors: [404],
    idempotent: true,
    maxBodyBytes: BODY_LIMITS.ingestion,
    operationId: 'post_bars',
  },
  z.strictObject({
    symbol: symbolInput,
    interval_seconds: intervalSeconds.optional().describe("Seconds; the instrument's own unless given"),
    bars: z.array(deckBarInput).max(MAX_BARS),
    rejected: z
      .array(deckRejectedRowInput)
      .max(MAX_BARS)
      .optional()
      .describe('Lines of the file that are no bars; they are quarantined as they are'),
    file_name: lineInput(255).optional().describe('The file that is imported'),
    import_id: idInput.optional().describe('Continues an import of several requests'),
    dry_run: z.boolean().default(false).describe('Judge and answer, but write nothing'),
  }),
  deckBarsPostResponse,
)

const listBars = endpoint(
  {
    method: 'GET',
    path: '/v1/market-data/bars',
    summary: 'List bars of one symbol, recent first',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'list_bars',
  },
  z.object({
    symbol: symbolInput,
    interval_seconds: intervalSeconds.optional().describe("Seconds; the instrument's own unless given"),
    ...dateRange,
    limit: z.int().min(1).max(5000).default(500).describe('At most this many of the most recent bars'),
  }),
  deckBarListResponse,
)

const listQuarantine = endpoint(
  {
    method: 'GET',
    path: '/v1/market-data/quarantine',
    summary: 'List quarantined bars, recent first',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_quarantined_bars',
  },
  z.object({
    symbol: symbolInput.optional(),
    status: z.enum(QUARANTINE_STATUSES).optional(),
    ...pagination,
  }),
  deckQuarantineListResponse,
)

const resolution = {
  tags: ['Market data'],
  access: { role: 'trader', scope: 'market_data' },
  rateLimit: 'write',
  errors: [404, 409],
} as const
const resolutionInput = z.strictObject({ quarantine_id: idInput, reason: reasonInput })

const acceptQuarantined = endpoint(
  {
    ...resolution,
    method: 'POST',
    path: '/v1/market-data/quarantine/{quarantine_id}/accept',
    summary: 'Take a quarantined bar after all',
    description:
      'It becomes a bar of its series; one that stood at the same time is replaced and kept in the audit log. What is no possible bar (a high below its low, a price of zero) is 409.',
    operationId: 'accept_quarantined_bar',
  },
  resolutionInput,
  deckQuarantineResolution,
)

const dropQuarantined = endpoint(
  {
    ...resolution,
    method: 'POST',
    path: '/v1/market-data/quarantine/{quarantine_id}/drop',
    summary: 'Drop a quarantined bar',
    description: 'It stays in the list as DROPPED and never becomes a bar.',
    operationId: 'drop_quarantined_bar',
  },
  resolutionInput,
  deckQuarantineResolution,
)

const quality = endpoint(
  {
    method: 'GET',
    path: '/v1/market-data/quality',
    summary: 'How complete and clean each series of bars is',
    description: 'Gaps are counted against the calendar of the instrument.',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'get_data_quality',
  },
  z.object({ symbol: symbolInput.optional() }),
  deckDataQualityResponse,
)

const listInstruments = endpoint(
  {
    method: 'GET',
    path: '/v1/instruments',
    summary: 'List what can be traded',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'list_instruments',
  },
  z.object({}),
  deckInstrumentListResponse,
)

const createInstrument = endpoint(
  {
    method: 'POST',
    path: '/v1/instruments',
    summary: 'Add an instrument',
    tags: ['Market data'],
    access: { role: 'trader', scope: 'market_data' },
    rateLimit: 'write',
    status: 201,
    errors: [409],
    idempotent: true,
    operationId: 'create_instrument',
  },
  z.strictObject({
    symbol: symbolInput,
    contract_type: contractType,
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default('USD')
      .describe('Quote currency, ISO 4217'),
    tick_size: positiveDecimalInput.default('0.01'),
    lot_size: positiveDecimalInput.default('1'),
    min_quantity: positiveDecimalInput.optional().describe('One lot unless given'),
    max_quantity: positiveDecimalInput.optional().describe('No maximum unless given'),
    multiplier: positiveDecimalInput.default('1').describe('Quote currency per unit and price point'),
    calendar: lineInput(64).optional().describe("The contract type's usual one unless given"),
    bar_interval_seconds: intervalSeconds.default(86_400),
    source: lineInput(120).optional().describe('Where its prices come from'),
  }),
  deckInstrumentResponse,
)

const status = endpoint(
  {
    method: 'GET',
    path: '/v1/market/status',
    summary: 'Open or closed, price and next session of each instrument',
    tags: ['Market data'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    operationId: 'get_market_status',
  },
  z.object({}),
  deckMarketStatusResponse,
)

/** Bars, quarantine and instruments. */
export const deckMarketData = {
  postBars,
  listBars,
  listQuarantine,
  acceptQuarantined,
  dropQuarantined,
  quality,
  listInstruments,
  createInstrument,
}
/** Open or closed, per instrument. */
export const deckMarketStatus = { status }
