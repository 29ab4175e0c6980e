import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'
import { formatDateTime, formatDuration } from '../lib/format.ts'
import { useNow } from '../lib/now.ts'

const FRESH_SECONDS = 60
const OLD_SECONDS = 300

/** How long ago, ticking each second; its colour says fresh, ageing or old, and so does its title. */
export function Age({ at, graded = false }: { at: string; graded?: boolean }) {
  const { t } = useTranslation()
  const seconds = Math.max(0, (useNow() - Date.parse(at)) / 1000)
  const grade = seconds < FRESH_SECONDS ? 'fresh' : seconds < OLD_SECONDS ? 'ageing' : 'old'
  return (
    <time
      dateTime={at}
      title={graded ? `${t(`signals.${grade}`)} · ${formatDateTime(at)}` : formatDateTime(at)}
      className={cn(
        'num text-muted',
        graded && grade === 'fresh' && 'text-up',
        graded && grade === 'old' && 'text-warn-ink',
      )}
    >
      {t('signals.age', { age: formatDuration(seconds) })}
    </time>
  )
}
