import * as z from 'zod'
import { day, id, idInput, money, pageMeta, pagination, runStatus, strategyIdInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { backtestFields } from '../v1/runs.ts'
import { deckRunFigures, figure } from './runs.ts'
import {
  axesInput,
  parameterSet,
  rankingFigure,
  studyAxis,
  studyBasis,
  studyFigures,
  studyShape,
} from './studies.ts'

/** A walk-forward study as lists show it. */
export const deckWalkForward = z
  .object({ walk_forward_id: id, ...studyShape })
  .meta({ id: 'DeckWalkForward' })

/** Where parameters were chosen, which, and what they brought afterwards. Days are inclusive. */
export const deckWalkForwardWindow = z
  .object({
    index: z.int().min(0),
    in_sample: z.object({ start_date: day, end_date: day }),
    out_of_sample: z.object({ start_date: day, end_date: day }),
    parameters: parameterSet.nullable().describe('The best in sample; null while it is not known'),
    in_sample_figures: studyFigures.nullable(),
    out_of_sample_figures: studyFigures.nullable(),
    error: z.string().optional(),
  })
  .meta({ id: 'DeckWalkForwardWindow' })

/** A walk-forward study with its windows. */
export const deckWalkForwardDetail = z
  .object({
    walk_forward_id: id,
    ...studyShape,
    axes: z.array(studyAxis),
    in_sample_days: z.int().min(1),
    out_of_sample_days: z.int().min(1),
    purge_days: z.int().min(0),
    embargo_days: z.int().min(0),
    anchored: z.boolean(),
    windows: z.array(deckWalkForwardWindow),
    equity_curve: z
      .array(z.object({ date: day, value: money, window: z.int().min(0) }))
      .describe('Out of sample, each window going on with the capital of the one before'),
    figures: deckRunFigures.nullable().describe('Of that curve and its trades; null until it is complete'),
    efficiency: figure.describe('Annual return out of sample over that in sample, averaged over the windows'),
    ...studyBasis,
  })
  .meta({ id: 'DeckWalkForwardDetail' })

const STARTER = { role: 'trader', scope: 'orders' } as const
const READER = { role: 'viewer', scope: 'read' } as const
const days = z.int().min(1).max(3660)

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/walk-forwards',
    summary: 'Choose parameters on one stretch of history, try them on the next, and go on',
    description:
      'Each window takes the best set of the grid in sample and runs it out of sample. purge_days and embargo_days keep the two apart. At most 200 windows and 20,000 runs.',
    tags: ['Walk-forward'],
    access: STARTER,
    rateLimit: 'runs',
    status: 202,
    errors: [404, 409, 422],
    idempotent: true,
    operationId: 'create_walk_forward',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    start_date: day,
    end_date: day.describe('Inclusive; one in the future is cut to the last bar'),
    axes: axesInput,
    in_sample_days: days.describe('Calendar days'),
    out_of_sample_days: days.describe('Calendar days'),
    purge_days: z
      .int()
      .min(0)
      .max(366)
      .default(0)
      .describe('Left out before each out-of-sample part: open trades end'),
    embargo_days: z
      .int()
      .min(0)
      .max(366)
      .default(0)
      .describe('Left out beside these: serial correlation fades'),
    anchored: z.boolean().default(false).describe('true: every in-sample part begins at start_date'),
    metric: rankingFigure.default('sharpe_ratio'),
    ...backtestFields,
  }),
  z.object({ message: z.string(), data: deckWalkForward }).meta({ id: 'DeckWalkForwardCreateResponse' }),
)

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/walk-forwards',
    summary: 'List walk-forward studies, recent first',
    tags: ['Walk-forward'],
    access: READER,
    rateLimit: 'added-read',
    operationId: 'list_walk_forwards',
  },
  z.object({ strategy_id: strategyIdInput.optional(), status: runStatus.optional(), ...pagination }),
  z.object({ data: z.array(deckWalkForward), meta: pageMeta }).meta({ id: 'DeckWalkForwardListResponse' }),
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/walk-forwards/{walk_forward_id}',
    summary: 'A walk-forward study with its windows and the equity out of sample',
    tags: ['Walk-forward'],
    access: READER,
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_walk_forward',
  },
  z.object({ walk_forward_id: idInput }),
  z.object({ data: deckWalkForwardDetail }).meta({ id: 'DeckWalkForwardResponse' }),
)

const cancel = endpoint(
  {
    method: 'DELETE',
    path: '/v1/walk-forwards/{walk_forward_id}',
    summary: 'Cancel a running walk-forward study',
    description: 'It ends as FAILED with the error "Cancelled". A finished one is 409.',
    tags: ['Walk-forward'],
    access: STARTER,
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'cancel_walk_forward',
  },
  z.strictObject({ walk_forward_id: idInput }),
  z
    .object({ message: z.string(), data: z.object({ walk_forward_id: id, status: runStatus }) })
    .meta({ id: 'DeckWalkForwardCancelResponse' }),
)

/** Operations under /v1/walk-forwards. */
export const deckWalkForwards = { create, list, get, cancel }
