import type { ReactNode } from 'react'
import { cn } from '../../lib/cn.ts'

export type Tone = 'ok' | 'info' | 'watch' | 'warn' | 'bad' | 'neutral'

export const TONE_CLASS: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok-ink',
  info: 'bg-info-soft text-info-ink',
  watch: 'bg-watch-soft text-watch-ink',
  warn: 'bg-warn-soft text-warn-ink',
  bad: 'bg-bad-soft text-bad-ink',
  neutral: 'bg-raised text-muted',
}

interface BadgeProps {
  tone?: Tone
  className?: string
  title?: string | undefined
  children: ReactNode
}

export function Badge({ tone = 'neutral', className, title, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={cn(
        'inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3.5',
        TONE_CLASS[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
