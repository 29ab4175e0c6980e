import { daysAgo } from '../runs/run-form.ts'
import { type AxisForm, axisProblem, readValues } from './axes.ts'
import type { RankingFigure } from './metric-field.tsx'

/** What any study is asked for, as typed: a strategy over a period with values to vary, ranked by a figure. */
export interface StudyForm {
  strategyId: string
  from: string
  to: string
  metric: RankingFigure
  axes: readonly AxisForm[]
}

/** The days up to now, one parameter to vary. */
export function newStudy(nowMs: number, days: number): StudyForm {
  return {
    strategyId: '',
    from: daysAgo(nowMs, days),
    to: daysAgo(nowMs, 0),
    metric: 'sharpe_ratio',
    axes: [{ name: '', values: '' }],
  }
}

/** The request's body; null while something of it is missing or wrong. */
export function studyBody({ strategyId, from, to, metric, axes }: StudyForm) {
  if (strategyId === '' || to <= from || axes.some((axis) => axisProblem(axis) !== undefined)) return null
  return {
    strategy_id: strategyId,
    start_date: from,
    end_date: to,
    metric,
    axes: axes.map(({ name, values }) => ({ name, values: readValues(values) ?? [] })),
  }
}
