import { ArrowDownRight, ArrowUpRight, CircleX, Pause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'

export type SignalKind = 'LONG' | 'SHORT' | 'HOLD' | 'CLOSE'

const LOOK = {
  LONG: { icon: ArrowUpRight, className: 'bg-up-soft text-up' },
  SHORT: { icon: ArrowDownRight, className: 'bg-down-soft text-down' },
  HOLD: { icon: Pause, className: 'bg-raised text-muted' },
  CLOSE: { icon: CircleX, className: 'bg-info-soft text-info-ink' },
} as const

/** Icon, word and colour together. */
export function SignalBadge({ signal, large = false }: { signal: SignalKind; large?: boolean }) {
  const { t } = useTranslation()
  const { icon: Icon, className } = LOOK[signal]
  return (
    <span
      className={cn(
        'inline-flex items-center gap-1 rounded-md font-semibold',
        large ? 'px-2 py-1 text-sm' : 'px-1.5 py-0.5 text-xs',
        className,
      )}
    >
      <Icon aria-hidden className={large ? 'size-4' : 'size-3.5'} strokeWidth={2.5} />
      {t(`signal.${signal}`)}
    </span>
  )
}
