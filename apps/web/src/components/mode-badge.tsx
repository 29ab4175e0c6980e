import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'

const LOOK = {
  PAPER: 'border-paper text-paper',
  LIVE: 'border-live text-live',
  BACKTEST: 'border-backtest text-backtest',
} as const

/** Paper, live or backtest, in the colour of the mode frame. */
export function ModeBadge({ mode }: { mode: keyof typeof LOOK }) {
  const { t } = useTranslation()
  return (
    <span
      className={cn(
        'inline-flex rounded border px-1.5 text-[0.6875rem] leading-4.5 font-semibold tracking-wide uppercase',
        LOOK[mode],
      )}
    >
      {t(`mode.${mode}`)}
    </span>
  )
}
