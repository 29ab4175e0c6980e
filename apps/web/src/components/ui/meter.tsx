import { cn } from '../../lib/cn.ts'
import type { Tone } from './badge.tsx'

const FILL: Record<Tone, string> = {
  ok: 'bg-up',
  info: 'bg-accent',
  watch: 'bg-yellow-500',
  warn: 'bg-orange-500',
  bad: 'bg-down',
  neutral: 'bg-muted',
}

interface MeterProps {
  label: string
  /** What a screen reader says instead of a bare number: "3.2 % of 15 %". */
  text: string
  value: number
  max: number
  tone?: Tone
  /** Values worth a tick: the warning level, the limit. */
  marks?: readonly number[]
  className?: string
}

export function Meter({ label, text, value, max, tone = 'info', marks = [], className }: MeterProps) {
  const share = (part: number) => `${Math.min(100, Math.max(0, max > 0 ? (part / max) * 100 : 0))}%`
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(Math.max(value, 0), max)}
      aria-valuetext={text}
      className={cn('relative h-2 rounded-full bg-raised ring-1 ring-line ring-inset', className)}
    >
      <div
        className={cn('h-full rounded-full transition-[width] duration-500', FILL[tone])}
        style={{ width: share(value) }}
      />
      {marks.map((mark) => (
        <span
          key={mark}
          aria-hidden
          className="absolute -inset-y-0.5 w-0.5 rounded bg-line-strong"
          style={{ left: `calc(${share(mark)} - 1px)` }}
        />
      ))}
    </div>
  )
}
