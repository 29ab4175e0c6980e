import { CalendarRange } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateFilter } from '../../components/date-filter.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { PERIODS } from '../../lib/search.ts'
import { useChooseWindow, type OverviewWindow } from './use-window.ts'

/** A period, or a first and a last day. */
export function WindowPicker({ window: current }: { window: OverviewWindow }) {
  const { t } = useTranslation()
  const { setPeriod, setDays } = useChooseWindow(current)
  const [asked, setAsked] = useState(false)
  const ofDays = current.period === undefined
  const options = PERIODS.map((value) => [value, value === 'all' ? t('period.all') : value] as const)
  return (
    <>
      {(asked || ofDays) && <DateFilter from={current.from} to={current.to} onChange={setDays} />}
      <Segmented
        label={t('bar.period')}
        value={current.period}
        options={options}
        onChange={(period) => {
          setAsked(false)
          setPeriod(period)
        }}
      />
      <Button
        size="sm"
        aria-pressed={ofDays}
        aria-expanded={asked || ofDays}
        onClick={() => setAsked(!asked)}
        className="aria-pressed:border-accent aria-pressed:text-accent"
      >
        <CalendarRange aria-hidden className="size-3.5" /> {t('overview.chooseDays')}
      </Button>
    </>
  )
}
