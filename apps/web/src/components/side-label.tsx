import { useWords } from '../i18n/words.tsx'
import { cn } from '../lib/cn.ts'

/** Long or short, told by word as well as by colour. */
export function SideLabel({ side }: { side: 'BUY' | 'SELL' | 'long' | 'short' }) {
  const t = useWords()
  const up = side === 'BUY' || side === 'long'
  return <span className={cn('font-medium', up ? 'text-up' : 'text-down')}>{t(`side.${side}`)}</span>
}
