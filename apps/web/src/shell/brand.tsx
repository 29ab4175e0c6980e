import { cn } from '../lib/cn.ts'

export function Brand({ compact = false, className }: { compact?: boolean; className?: string }) {
  return (
    <span className={cn('flex items-center gap-2.5', className)}>
      <img src="/favicon.svg" alt="" width={28} height={28} className="size-7 shrink-0" />
      {!compact && <span className="text-[0.9375rem] font-semibold tracking-tight">Quantdeck</span>}
    </span>
  )
}
