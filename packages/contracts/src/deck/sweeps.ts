import * as z from 'zod'
import { day, id, idInput, pageMeta, pagination, runStatus, strategyIdInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { backtestFields, v1RunCreateResponse } from '../v1/runs.ts'
import { figure } from './runs.ts'
import {
  axesInput,
  parameterSet,
  rankingFigure,
  studyAxis,
  studyBasis,
  studyFigures,
  studyShape,
} from './studies.ts'

/** A sweep as lists show it. */
export const deckSweep = z.object({ sweep_id: id, ...studyShape }).meta({ id: 'DeckSweep' })

/** One parameter set of a sweep. */
export const deckSweepCell = z
  .object({
    index: z.int().min(0),
    parameters: parameterSet.describe('The varied ones'),
    figures: studyFigures.nullable().describe('null while it waits, and with an error'),
    rank: z.int().min(1).nullable().describe('1 is the best; null where the metric is undefined'),
    error: z.string().optional().describe('Why this set cannot run'),
  })
  .meta({ id: 'DeckSweepCell' })

/** A sweep with all its cells. */
export const deckSweepDetail = z
  .object({
    sweep_id: id,
    ...studyShape,
    method: z.enum(['grid', 'random']),
    axes: z.array(studyAxis).describe('For a heatmap: the values of each varied parameter, in order'),
    cells: z.array(deckSweepCell),
    best: z.int().min(0).nullable().describe('Index of the best cell'),
    deflated_sharpe: figure.describe(
      'Probability that the best cell beats what the best of so many trials would show by luck, 0-1',
    ),
    ...studyBasis,
  })
  .meta({ id: 'DeckSweepDetail' })

const STARTER = { role: 'trader', scope: 'orders' } as const
const READER = { role: 'viewer', scope: 'read' } as const

const create = endpoint(
  {
    method: 'POST',
    path: '/v1/sweeps',
    summary: 'Run a strategy with many parameter sets',
    description:
      'A grid over the axes, or random sets drawn by the seed; at most 2,000 sets. Combinations that the strategy does not allow are kept with their error and not run.',
    tags: ['Sweeps'],
    access: STARTER,
    rateLimit: 'runs',
    status: 202,
    errors: [404, 409, 422],
    idempotent: true,
    operationId: 'create_sweep',
  },
  z.strictObject({
    strategy_id: strategyIdInput,
    start_date: day,
    end_date: day.describe('Inclusive; one in the future is cut to the last bar'),
    method: z.enum(['grid', 'random']).default('grid'),
    axes: axesInput,
    samples: z
      .int()
      .min(1)
      .max(2000)
      .optional()
      .describe('How many sets a random sweep draws; 100 unless given'),
    metric: rankingFigure.default('sharpe_ratio'),
    ...backtestFields,
  }),
  z.object({ message: z.string(), data: deckSweep }).meta({ id: 'DeckSweepCreateResponse' }),
)

const list = endpoint(
  {
    method: 'GET',
    path: '/v1/sweeps',
    summary: 'List sweeps, recent first',
    tags: ['Sweeps'],
    access: READER,
    rateLimit: 'added-read',
    operationId: 'list_sweeps',
  },
  z.object({ strategy_id: strategyIdInput.optional(), status: runStatus.optional(), ...pagination }),
  z.object({ data: z.array(deckSweep), meta: pageMeta }).meta({ id: 'DeckSweepListResponse' }),
)

const get = endpoint(
  {
    method: 'GET',
    path: '/v1/sweeps/{sweep_id}',
    summary: 'A sweep with its cells, as far as they are known',
    tags: ['Sweeps'],
    access: READER,
    rateLimit: 'added-read',
    errors: [404],
    operationId: 'get_sweep',
  },
  z.object({ sweep_id: idInput }),
  z.object({ data: deckSweepDetail }).meta({ id: 'DeckSweepResponse' }),
)

const cancel = endpoint(
  {
    method: 'DELETE',
    path: '/v1/sweeps/{sweep_id}',
    summary: 'Cancel a running sweep',
    description:
      'It ends as FAILED with the error "Cancelled" and keeps the cells it has. A finished one is 409.',
    tags: ['Sweeps'],
    access: STARTER,
    rateLimit: 'write',
    errors: [404, 409],
    operationId: 'cancel_sweep',
  },
  z.strictObject({ sweep_id: idInput }),
  z
    .object({ message: z.string(), data: z.object({ sweep_id: id, status: runStatus }) })
    .meta({ id: 'DeckSweepCancelResponse' }),
)

const promote = endpoint(
  {
    method: 'POST',
    path: '/v1/sweeps/{sweep_id}/promote',
    summary: 'Run one cell of a sweep again as a full run',
    description: 'Its Sharpe ratio is then deflated by the number of trials it was picked from.',
    tags: ['Sweeps'],
    access: STARTER,
    rateLimit: 'runs',
    status: 202,
    errors: [404, 409, 422],
    idempotent: true,
    operationId: 'promote_sweep_cell',
  },
  z.strictObject({ sweep_id: idInput, index: z.int().min(0).max(1_000_000).describe('Of the cell') }),
  v1RunCreateResponse,
)

/** Operations under /v1/sweeps. */
export const deckSweeps = { create, list, get, cancel, promote }
