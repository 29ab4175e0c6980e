import type { IChartApi } from 'lightweight-charts'
import { ChevronLeft, ChevronRight, Maximize2, ZoomIn, ZoomOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import { moveView, type ViewMove } from './view-range.ts'

const MOVES = [
  { move: 'left', Icon: ChevronLeft },
  { move: 'right', Icon: ChevronRight },
  { move: 'out', Icon: ZoomOut },
  { move: 'in', Icon: ZoomIn },
] as const

interface ViewButtonsProps {
  /** The chart that stands now; null before it is drawn. */
  chart: () => IChartApi | null
  /** How many points its longest line has. */
  points: number
}

/** What fingers and the mouse do on a chart, as buttons. */
export function ViewButtons({ chart, points }: ViewButtonsProps) {
  const { t } = useTranslation()
  function go(move: ViewMove): void {
    const scale = chart()?.timeScale()
    const range = scale?.getVisibleLogicalRange()
    if (range) scale?.setVisibleLogicalRange(moveView(range, move, points))
  }
  return (
    <div role="group" aria-label={t('chart.view')} className="flex justify-end">
      {MOVES.map(({ move, Icon }) => (
        <Button
          key={move}
          variant="ghost"
          size="icon"
          aria-label={t(`chart.${move}`)}
          onClick={() => go(move)}
        >
          <Icon aria-hidden className="size-4" />
        </Button>
      ))}
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('chart.whole')}
        onClick={() => chart()?.timeScale().fitContent()}
      >
        <Maximize2 aria-hidden className="size-4" />
      </Button>
    </div>
  )
}
