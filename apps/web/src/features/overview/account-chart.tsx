import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { dateOnCurve } from '../chart/curve.ts'
import { EquityChart } from '../chart/equity-chart.tsx'

type Part = Outputs['deck']['metrics']['window']['data']['equity'][number]
type RiskEvent = Outputs['deck']['risk']['events']['data'][number]

/** Of everything that limits and people did, what a reader of the curve must know. */
const MARKED = ['KILL_SWITCH_ACTIVATED', 'KILL_SWITCH_RELEASED', 'KILL_SWITCH_DRAWDOWN', 'MODE_TRANSITION']
const LISTED = 4

interface AccountChartProps {
  equity: readonly Part[]
  from: string
  to: string
}

/** The account's curve, with the moments at which trading was stopped, released or moved to another mode. */
export function AccountChart({ equity, from, to }: AccountChartProps) {
  const { t } = useTranslation()
  // To the minute, so that the window of each refresh is not a question of its own.
  const range = { from_date: `${from.slice(0, 16)}:00Z`, to_date: `${to.slice(0, 16)}:59Z` }
  const events = trpc.deck.risk.events.useQuery(range, { placeholderData: (previous) => previous })
  const marked = useMemo(
    () => events.data?.data.filter(({ code }) => MARKED.includes(code)) ?? [],
    [events.data],
  )
  const points = useMemo(
    () =>
      equity.map((part) => ({
        date: part.date,
        value: part.equity,
        realized: part.realized_pnl,
        unrealized: part.unrealized_pnl,
      })),
    [equity],
  )
  const marks = useMemo(
    () =>
      marked.toReversed().flatMap((event) => {
        const date = dateOnCurve(event.at, points)
        return date === undefined ? [] : [{ date, text: nameOf(event), isBad: isStop(event) }]
      }),
    // The names are in the language that is on.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [marked, points, t],
  )
  return (
    <>
      <EquityChart points={points} marks={marks} />
      {marked.length > 0 && (
        <ul aria-label={t('overview.events')} className="mt-3 space-y-1 text-xs text-muted">
          {marked.slice(0, LISTED).map((event) => (
            <li key={event.event_id} className="flex flex-wrap gap-x-2">
              <span className="num">{formatDateTime(event.at)}</span>
              <span className="font-medium text-ink">{nameOf(event)}</span>
              <span lang="en" translate="no" className="min-w-0 truncate">
                {event.message}
              </span>
            </li>
          ))}
          {marked.length > LISTED && <li>{t('overview.moreEvents', { count: marked.length - LISTED })}</li>}
        </ul>
      )}
    </>
  )
  function nameOf({ code }: RiskEvent): string {
    if (code === 'MODE_TRANSITION') return t('chart.modeChange')
    return code === 'KILL_SWITCH_RELEASED' ? t('chart.released') : t('chart.stopped')
  }
}

function isStop({ code }: RiskEvent): boolean {
  return code === 'KILL_SWITCH_ACTIVATED' || code === 'KILL_SWITCH_DRAWDOWN'
}
