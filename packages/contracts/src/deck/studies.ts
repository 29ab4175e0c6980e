import * as z from 'zod'
import { day, id, instant, jsonObject, lineInput, runStatus } from '../common.ts'
import { figure } from './runs.ts'

/** Figures by which parameter sets can be ranked; of each the higher is the better. */
export const RANKING_FIGURES = [
  'total_return_pct',
  'cagr_pct',
  'sharpe_ratio',
  'sortino_ratio',
  'calmar_ratio',
  'max_drawdown_pct',
  'omega',
  'profit_factor',
  'expectancy',
  'sqn',
  'stability',
] as const

/** A figure to rank by. */
export const rankingFigure = z
  .enum(RANKING_FIGURES)
  .meta({ id: 'RankingFigure', description: 'Higher is better; a drawdown is negative' })

const scalar = z.union([z.number(), z.boolean(), lineInput(64)])

/** One parameter to vary: a list of values, or a range of numbers. */
export const axisInput = z
  .strictObject({
    name: lineInput(64).describe("One of the strategy's parameters"),
    values: z.array(scalar).min(1).max(200).optional(),
    minimum: z.number().optional().describe('With maximum, instead of values'),
    maximum: z.number().optional(),
    step: z.number().positive().optional().describe('Without it a random draw takes any number of the range'),
  })
  .meta({ id: 'StudyAxisInput' })

/** The parameters to vary. */
export const axesInput = z.array(axisInput).min(1).max(6)

/** A varied parameter and its values, in order. */
export const studyAxis = z
  .object({ name: z.string(), values: z.array(z.union([z.number(), z.boolean(), z.string()])) })
  .meta({ id: 'StudyAxis' })

/** The kept figures of one parameter set. */
export const studyFigures = z
  .object({
    total_return_pct: figure,
    cagr_pct: figure,
    sharpe_ratio: figure,
    sortino_ratio: figure,
    calmar_ratio: figure,
    max_drawdown_pct: figure,
    omega: figure,
    profit_factor: figure,
    expectancy: figure,
    sqn: figure,
    stability: figure,
    volatility_pct: figure,
    win_rate: figure,
    exposure_pct: figure,
    total_trades: z.int().min(0),
  })
  .meta({ id: 'StudyFigures' })

/** A parameter set. */
export const parameterSet = z
  .record(z.string(), z.union([z.number(), z.boolean(), z.string()]))
  .meta({ id: 'ParameterSet' })

/** Fields of every study's row. */
export const studyShape = {
  strategy_id: id,
  status: runStatus,
  start_date: day,
  end_date: day,
  metric: rankingFigure,
  cells_total: z.int().min(1).describe('Runs within it'),
  cells_done: z.int().min(0),
  progress: z.number().min(0).max(1),
  phase: z.string(),
  estimated_completion: instant.nullable(),
  error: z.string().optional().describe('Why it failed; only with status FAILED'),
  created_at: instant,
  created_by: z.string().nullable(),
  completed_at: instant.nullable(),
}

/** What a result rests on. */
export const studyBasis = {
  request: jsonObject.describe('What was asked for, complete'),
  data_hash: z.string().nullable().describe('Of the bars; null until it is known'),
  notes: z.array(z.string()),
}
