import { useTranslation } from 'react-i18next'
import { formatTime } from '../lib/format.ts'
import { useNow } from '../lib/now.ts'
import { setPreferences, usePreferences, type ClockZone } from '../lib/preferences.ts'

const NEXT: Record<ClockZone, ClockZone> = { local: 'UTC', UTC: 'America/Bogota', 'America/Bogota': 'local' }

/** The server's time; a press changes the zone of every time on the page. */
export function Clock() {
  const { t } = useTranslation()
  const { zone } = usePreferences()
  const now = useNow()
  return (
    <button
      type="button"
      title={t('bar.clock', { zone: t(`zone.${zone}`) })}
      onClick={() => setPreferences({ zone: NEXT[zone] })}
      className="num hidden h-8 items-center gap-1.5 rounded-lg px-2 text-xs text-muted hover:bg-raised hover:text-ink xl:inline-flex"
    >
      <span className="text-ink">{formatTime(now)}</span> {t(`zone.${zone}`)}
    </button>
  )
}
