import { ArrowDown, ArrowUp, Minus } from 'lucide-react'
import { useWords } from '../i18n/words.tsx'
import { cn } from '../lib/cn.ts'
import { DASH, formatPercent, formatUsd, toNumber, type Numeric } from '../lib/format.ts'

interface ChangeProps {
  value: Numeric
  /** `usd` unless the number is a percentage. */
  unit?: 'usd' | 'percent'
  digits?: number
  className?: string
  arrow?: boolean
}

/** A gain or loss: sign, arrow, colour and, for screen readers, a word. Colour alone never says it. */
export function Change({ value, unit = 'usd', digits = 2, className, arrow = true }: ChangeProps) {
  const t = useWords()
  const number = toNumber(value)
  if (number === null) return <span className="text-muted">{DASH}</span>
  const text =
    unit === 'usd'
      ? formatUsd(number, { signed: true, digits })
      : formatPercent(number, { signed: true, digits })
  const direction = number > 0 ? 'gain' : number < 0 ? 'loss' : 'flat'
  const Icon = { gain: ArrowUp, loss: ArrowDown, flat: Minus }[direction]
  const colour = { gain: 'text-up', loss: 'text-down', flat: 'text-muted' }[direction]
  return (
    <span className={cn('num inline-flex items-center gap-0.5', colour, className)}>
      {arrow && <Icon aria-hidden className="size-[0.9em] shrink-0" strokeWidth={2.5} />}
      {text}
      <span className="sr-only"> {t(`sign.${direction}`)}</span>
    </span>
  )
}
