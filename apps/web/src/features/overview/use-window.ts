import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { formatDate } from '../../lib/format.ts'
import { PERIODS, type Period } from '../../lib/search.ts'
import { useKeys } from '../../lib/use-keys.ts'

/** A period, or days; both stand in the URL. */
export interface OverviewWindow {
  /** Undefined while days are chosen. */
  period: Period | undefined
  from: string | undefined
  to: string | undefined
  /** As the API takes it. */
  input: { period: Period } | { from_day: string | undefined; to_day: string | undefined }
  label: string
}

const DEFAULT_PERIOD: Period = '1m'

export function useWindow(): OverviewWindow {
  const { t } = useTranslation()
  const { period = DEFAULT_PERIOD, from, to } = useSearch({ from: '/deck/' })
  if (from === undefined && to === undefined)
    return { period, from, to, input: { period }, label: t(`period.${period}`) }
  const label = t('overview.days', {
    from: from === undefined ? t('overview.firstDay') : formatDate(from),
    to: to === undefined ? t('overview.today') : formatDate(to),
  })
  return { period: undefined, from, to, input: { from_day: from, to_day: to }, label }
}

export type Days = { from?: string | undefined; to?: string | undefined }

/** The keys 1 to 6 choose a period, `[` and `]` the next shorter and longer one. */
export function useChooseWindow(current: OverviewWindow) {
  const navigate = useNavigate({ from: '/' })
  const go = (next: { period: Period | undefined } & Days) =>
    void navigate({
      search: (search) => ({ ...search, from: undefined, to: undefined, ...next }),
      replace: true,
      resetScroll: false,
    })
  const setPeriod = (period: Period) => go({ period })
  const step = (by: -1 | 1) => {
    const next = PERIODS[PERIODS.indexOf(current.period ?? DEFAULT_PERIOD) + by]
    if (next !== undefined) setPeriod(next)
  }
  const digits = PERIODS.map((period, index) => [String(index + 1), () => setPeriod(period)] as const)
  useKeys({ ...Object.fromEntries(digits), '[': () => step(-1), ']': () => step(1) })
  return {
    setPeriod,
    setDays: (days: Days) => go({ period: undefined, from: current.from, to: current.to, ...days }),
  }
}
