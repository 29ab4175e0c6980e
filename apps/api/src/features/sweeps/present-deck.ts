import { ranks } from '@quantdeck/backtest'
import type { deck, OutputOf } from '@quantdeck/contracts'
import { figure } from '../runs/figures.ts'
import { figuresOf } from '../studies/execute-sweep.ts'
import type { StudyView } from '../studies/operations.ts'
import { presentAxes, presentBasis, presentCellFigures, presentStudy } from '../studies/present.ts'
import { problemOf, setsOf, type SweepRequest, toStudyRequest } from '../studies/study-request.ts'
import { toSweepResult } from '../studies/study-result.ts'

type WireSweep = OutputOf<typeof deck.sweeps.list>['data'][number]
type WireDetail = OutputOf<typeof deck.sweeps.get>['data']

export function presentSweep(study: Omit<StudyView, 'result'>): WireSweep {
  return { sweep_id: study.studyId, ...presentStudy(study) }
}

export function presentSweepDetail(study: StudyView): WireDetail {
  const request = toStudyRequest(study.request) as SweepRequest
  const result = toSweepResult(study.result)
  const sets = setsOf(request)
  const stored = result?.cells ?? sets.map((set) => problemOf(request, set))
  const figures = sets.map((_, i) => figuresOf(stored[i]))
  const places = ranks(figures, request.metric)
  const best = places.indexOf(1)
  return {
    ...presentSweep(study),
    method: request.method,
    axes: presentAxes(request),
    cells: sets.map((parameters, index) => {
      const own = figures[index] ?? null
      const cell = stored[index]
      return {
        index,
        parameters,
        figures: own === null ? null : presentCellFigures(own),
        rank: places[index] ?? null,
        ...(typeof cell === 'string' && { error: cell }),
      }
    }),
    best: best < 0 ? null : best,
    deflated_sharpe: figure(result?.deflatedSharpe),
    ...presentBasis(request, result),
  }
}
