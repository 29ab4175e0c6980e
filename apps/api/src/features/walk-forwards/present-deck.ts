import type { deck, OutputOf } from '@quantdeck/contracts'
import { Decimal, formatFixed, utcDay } from '@quantdeck/domain'
import { figure, presentFigures } from '../runs/figures.ts'
import { windowsOf } from '../studies/execute-walk-forward.ts'
import type { StudyView } from '../studies/operations.ts'
import { presentAxes, presentBasis, presentCellFigures, presentStudy } from '../studies/present.ts'
import { toStudyRequest, type WalkForwardRequest } from '../studies/study-request.ts'
import { toWalkForwardResult } from '../studies/study-result.ts'

type WireStudy = OutputOf<typeof deck.walkForwards.list>['data'][number]
type WireDetail = OutputOf<typeof deck.walkForwards.get>['data']

export function presentWalkForward(study: Omit<StudyView, 'result'>): WireStudy {
  return { walk_forward_id: study.studyId, ...presentStudy(study) }
}

/** Days, inclusive, of [from, to). */
function days({ from, to }: { from: number; to: number }): { start_date: string; end_date: string } {
  return { start_date: utcDay(from), end_date: utcDay(to - 1) }
}

export function presentWalkForwardDetail(study: StudyView): WireDetail {
  const request = toStudyRequest(study.request) as WalkForwardRequest
  const result = toWalkForwardResult(study.result)
  const { windows } = request
  return {
    ...presentWalkForward(study),
    axes: presentAxes(request),
    in_sample_days: windows.inSampleDays,
    out_of_sample_days: windows.outOfSampleDays,
    purge_days: windows.purgeDays,
    embargo_days: windows.embargoDays,
    anchored: windows.isAnchored,
    windows: windowsOf(request).map((window, index) => {
      const stored = result?.windows[index]
      const { inSample = null, outOfSample = null, parameters = null } = stored ?? {}
      return {
        index,
        in_sample: days(window.inSample),
        out_of_sample: days(window.outOfSample),
        parameters,
        in_sample_figures: inSample === null ? null : presentCellFigures(inSample),
        out_of_sample_figures: outOfSample === null ? null : presentCellFigures(outOfSample),
        ...(stored !== undefined && stored.error !== null && { error: stored.error }),
      }
    }),
    equity_curve: (result?.curve ?? []).map(({ date, equity, window }) => ({
      date,
      value: formatFixed(new Decimal(equity), 2),
      window,
    })),
    figures: result === null || result.metrics === null ? null : presentFigures(result.metrics),
    efficiency: figure(result?.efficiency),
    ...presentBasis(request, result),
  }
}
