import * as z from 'zod'
import { id, idInput, lineInput, runStatus } from '../common.ts'
import { endpoint } from '../endpoint.ts'

/** A cancelled run. */
export const deckRunCancelResponse = z
  .object({ message: z.string(), data: z.object({ run_id: id, status: runStatus }) })
  .meta({ id: 'DeckRunCancelResponse' })

const signedLink = {
  run_id: idInput,
  token: lineInput(1024).optional().describe('Of a signed link; instead of a login'),
}

const cancel = endpoint(
  {
    method: 'DELETE',
    path: '/v1/runs/{run_id}',
    summary: 'Cancel a running backtest',
    description: 'It ends as FAILED with the error "Cancelled". A finished run is 409.',
    tags: ['Runs'],
    access: { role: 'trader', scope: 'orders' },
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'cancel_run',
  },
  z.strictObject({ run_id: idInput }),
  deckRunCancelResponse,
)

const report = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/report',
    summary: 'The report of a run as one self-contained page',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read', anonymous: 'signed-link' },
    rateLimit: 'added-read',
    errors: [404],
    contentType: 'text/html',
    operationId: 'get_run_report',
  },
  z.object(signedLink),
  z.string(),
)

const tradesCsv = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/trades.csv',
    summary: 'The trades of a run as CSV (RFC 4180)',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    contentType: 'text/csv',
    operationId: 'get_run_trades_csv',
  },
  z.object({ run_id: idInput }),
  z.string(),
)

const equityCsv = endpoint(
  {
    method: 'GET',
    path: '/v1/runs/{run_id}/equity.csv',
    summary: 'The equity curve of a run as CSV (RFC 4180)',
    tags: ['Runs'],
    access: { role: 'viewer', scope: 'read' },
    rateLimit: 'added-read',
    errors: [404],
    contentType: 'text/csv',
    operationId: 'get_run_equity_csv',
  },
  z.object({ run_id: idInput }),
  z.string(),
)

/** Cancelling and reports of runs. */
export const deckRuns = { cancel, report, tradesCsv, equityCsv }
