import * as z from 'zod'
import {
  id,
  idInput,
  instant,
  jsonValue,
  pageMeta,
  pagination,
  QUARANTINE_STATUSES,
  reasonInput,
  symbolInput,
} from '../common.ts'
import { endpoint } from '../endpoint.ts'

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

/** Bars that made no sense, and what people decide about them. */
export const deckQuarantine = { listQuarantine, acceptQuarantined, dropQuarantined }
