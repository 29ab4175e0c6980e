import * as z from 'zod'
import {
  dateRange,
  dayOrInstant,
  id,
  idInput,
  instant,
  lineInput,
  PLAIN_DECIMAL,
  price,
  storedDecimal,
  symbolInput,
  textInput,
} from '../common.ts'
import { BODY_LIMITS, endpoint } from '../endpoint.ts'
import { intervalSeconds } from './interval-seconds.ts'

/** Any number, signed or absurd: what makes no sense is quarantined with its reason, not refused. */
const barNumber = z
  .union([z.string().max(50).regex(PLAIN_DECIMAL, 'Must be a plain decimal'), z.number()])
  .meta({ id: 'BarNumberInput', description: 'A decimal string, or a JSON number' })

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

/** Bars as they are posted and read back. */
export const deckBars = { postBars, listBars }
