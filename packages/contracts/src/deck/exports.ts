import * as z from 'zod'
import { endpoint, type Access, type InputSchema } from '../endpoint.ts'
import { v1Alerts } from '../v1/alerts.ts'
import { v1Orders } from '../v1/orders.ts'
import { v1Positions } from '../v1/positions.ts'
import { deckAudit } from './audit.ts'
import { deckSignals } from './signals.ts'
import { deckTrades } from './trades.ts'

const bom = {
  bom: z
    .boolean()
    .default(false)
    .describe('Begin with a UTF-8 byte order mark, by which spreadsheets know the encoding'),
}

/** An export has all pages. */
const PAGES = { page: true, per_page: true } as const

function csv<Name extends string, I extends InputSchema>(
  name: Name,
  { access, tags }: { access: Access; tags: readonly string[] },
  input: I,
) {
  return endpoint(
    {
      method: 'GET',
      path: `/v1/exports/${name}.csv`,
      summary: `Export the list of ${name} as CSV (RFC 4180)`,
      description:
        "Every row that the list's filters leave, in its order, with the columns of its rows; nested values are JSON. " +
        'A text cell that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers.',
      tags,
      access,
      rateLimit: 'added-read',
      contentType: 'text/csv',
      operationId: `export_${name}_csv`,
    },
    input,
    z.string(),
  )
}

/** The lists as CSV: the same rows and filters as their pages. */
export const deckExports = {
  positions: csv('positions', v1Positions.list.meta, v1Positions.list.input.omit(PAGES).extend(bom)),
  orders: csv('orders', v1Orders.list.meta, v1Orders.list.input.omit(PAGES).extend(bom)),
  trades: csv('trades', deckTrades.list.meta, deckTrades.list.input.omit(PAGES).extend(bom)),
  signals: csv('signals', deckSignals.list.meta, deckSignals.list.input.omit(PAGES).extend(bom)),
  alerts: csv('alerts', v1Alerts.list.meta, v1Alerts.list.input.omit(PAGES).extend(bom)),
  audit: csv('audit', deckAudit.list.meta, deckAudit.list.input.omit(PAGES).extend(bom)),
}
