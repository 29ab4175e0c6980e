import { ArrowDown, ArrowUp, Minus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '../../lib/cn.ts'
import { toNumber, type Numeric } from '../../lib/format.ts'

interface DeltaProps {
  now: Numeric
  before: Numeric
  /** Of a difference without its sign, and of the value before. */
  format: (value: number) => string
  /** More is neither better nor worse. */
  isPlain?: boolean
}

/** How much a figure moved since the window of the same length before, with sign, arrow and colour. */
export function Delta({ now, before, format, isPlain = false }: DeltaProps) {
  const { t } = useTranslation()
  const [current, earlier] = [toNumber(now), toNumber(before)]
  if (current === null || earlier === null) return null
  const difference = current - earlier
  const size = format(Math.abs(difference))
  const isFlat = !/[1-9]/.test(size)
  const Icon = isFlat ? Minus : difference > 0 ? ArrowUp : ArrowDown
  const sign = isFlat ? '' : difference > 0 ? '+' : '−'
  const colour = isFlat || isPlain ? 'text-muted' : difference > 0 ? 'text-up' : 'text-down'
  return (
    <span
      className={cn('num inline-flex items-center gap-0.5', colour)}
      title={t('overview.before', { value: format(earlier) })}
    >
      <Icon aria-hidden className="size-3 shrink-0" strokeWidth={2.5} />
      {sign}
      {size}
      <span className="sr-only"> {t('overview.againstBefore')}</span>
    </span>
  )
}
