import * as z from 'zod'
import { instant, symbolInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'

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

/** How good the stored bars are. */
export const deckDataQuality = { quality }
