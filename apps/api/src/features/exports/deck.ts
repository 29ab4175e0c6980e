import {
  deck,
  deckAuditEntry,
  deckSignal,
  deckTrade,
  v1Alert,
  v1Order,
  v1Position,
  type Endpoint,
} from '@quantdeck/contracts'
import { type HandlerOptions, implement, type Implements } from '../../trpc/implement.ts'
import { alertPage } from '../alerts/v1.ts'
import { answerText } from '../answer-text.ts'
import { auditPage } from '../audit/deck.ts'
import { orderPage } from '../orders/v1.ts'
import { positionPage } from '../positions/v1.ts'
import { signalPage } from '../signals/deck.ts'
import { tradePage } from '../trades/deck.ts'
import { csvPages } from './csv-pages.ts'

interface PageInput {
  page: number
  per_page: number
}

interface Source<Input, Row> {
  endpoint: Endpoint
  row: { shape: Record<keyof Row & string, unknown> }
  pageOf: (
    request: HandlerOptions<Input & PageInput>,
  ) => Promise<{ data: readonly Row[] }> | { data: readonly Row[] }
}

/** A list as a file: the pages of its own endpoint, one after the other. */
async function sendCsv<Input extends { bom: boolean }, Row extends object>(
  request: HandlerOptions<Input>,
  { endpoint, row, pageOf }: Source<Input, Row>,
): Promise<string> {
  const { deps, actor, input, response } = request
  const { path } = endpoint.meta
  const pieces = await csvPages<Row>(deps, actor, {
    columns: Object.keys(row.shape) as (keyof Row & string)[],
    bom: input.bom,
    pageOf: async (own, number) => pageOf({ ...request, deps: own, input: { ...input, ...number } }),
  })
  return answerText(response, pieces, { name: `quantdeck-${path.split('/').at(-1)}`, path })
}

const { positions, orders, trades, signals, alerts, audit } = deck.exports

export const exportsDeck = {
  positions: implement(positions, (request) =>
    sendCsv(request, { endpoint: positions, row: v1Position, pageOf: positionPage }),
  ),
  orders: implement(orders, (request) =>
    sendCsv(request, { endpoint: orders, row: v1Order, pageOf: orderPage }),
  ),
  trades: implement(trades, (request) =>
    sendCsv(request, { endpoint: trades, row: deckTrade, pageOf: tradePage }),
  ),
  signals: implement(signals, (request) =>
    sendCsv(request, { endpoint: signals, row: deckSignal, pageOf: signalPage }),
  ),
  alerts: implement(alerts, (request) =>
    sendCsv(request, { endpoint: alerts, row: v1Alert, pageOf: alertPage }),
  ),
  audit: implement(audit, (request) =>
    sendCsv(request, { endpoint: audit, row: deckAuditEntry, pageOf: auditPage }),
  ),
} satisfies Implements<typeof deck.exports>
