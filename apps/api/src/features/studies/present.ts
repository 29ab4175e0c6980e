import {
  axisValues,
  type CellFigures,
  type CellMetric,
  figureOf,
  type RankingMetric,
} from '@quantdeck/backtest'
import type { rankingFigure, studyFigures } from '@quantdeck/contracts'
import type { Study } from '@quantdeck/db'
import { formatInstant } from '@quantdeck/domain'
import type * as z from 'zod'
import { figure, percentFigure } from '../runs/figures.ts'
import { toWire } from '../runs/wire-json.ts'
import { toStudyRequest, type StudyRequest } from './study-request.ts'

type WireMetric = z.output<typeof rankingFigure>
type WireFigures = z.output<typeof studyFigures>

/** Kept figures by their names on the wire. */
const NAMES: Record<Exclude<keyof WireFigures, 'total_trades'>, CellMetric> = {
  total_return_pct: 'totalReturn',
  cagr_pct: 'cagr',
  sharpe_ratio: 'sharpe',
  sortino_ratio: 'sortino',
  calmar_ratio: 'calmar',
  max_drawdown_pct: 'maxDrawdown',
  omega: 'omega',
  profit_factor: 'profitFactor',
  expectancy: 'expectancy',
  sqn: 'sqn',
  stability: 'stability',
  volatility_pct: 'volatility',
  win_rate: 'winRate',
  exposure_pct: 'exposure',
}

export function toMetric(name: WireMetric): RankingMetric {
  return NAMES[name] as RankingMetric
}

function presentMetric(metric: RankingMetric): WireMetric {
  const found = Object.entries(NAMES).find(([, own]) => own === metric)
  return found?.[0] as WireMetric
}

export function presentCellFigures(figures: CellFigures): WireFigures {
  const entries = Object.entries(NAMES).map(([name, own]) => {
    const value = figureOf(figures, own)
    return [name, name.endsWith('_pct') ? percentFigure(value) : figure(value)]
  })
  return {
    ...Object.fromEntries(entries),
    total_trades: figureOf(figures, 'totalTrades') ?? 0,
  } as WireFigures
}

/** The fields of every study's row. */
export function presentStudy(study: Omit<Study, 'result'>) {
  const { run, metric } = toStudyRequest(study.request)
  return {
    strategy_id: study.strategyId,
    status: study.status,
    start_date: run.startDate,
    end_date: run.endDate,
    metric: presentMetric(metric),
    cells_total: study.cellsTotal,
    cells_done: study.cellsDone,
    progress: study.cellsDone / study.cellsTotal,
    phase: study.phase,
    estimated_completion:
      study.estimatedCompletion === null ? null : formatInstant(study.estimatedCompletion),
    ...(study.error !== null && { error: study.error }),
    created_at: formatInstant(study.createdAt),
    created_by: study.createdBy,
    completed_at: study.completedAt === null ? null : formatInstant(study.completedAt),
  }
}

export function presentAxes(request: StudyRequest) {
  return request.axes.map((axis) => ({ name: axis.name, values: axisValues(axis) }))
}

/** What a result rests on; notes of the request until the bars have been looked at. */
export function presentBasis(
  request: StudyRequest,
  result: { dataHash: string | null; notes: string[] } | null,
) {
  const { bars: _bars, ...run } = request.run
  return {
    request: toWire(run),
    data_hash: result?.dataHash ?? null,
    notes: result?.notes ?? request.run.notes,
  }
}
