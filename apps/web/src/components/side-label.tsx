import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'

/** Long or short, told by word as well as by colour. */
export function SideLabel({ side }: { side: 'BUY' | 'SELL' | 'long' | 'short' }) {
  const { t } = useTranslation()
  const up = side === 'BUY' || side === 'long'
  return <span className={cn('font-medium', up ? 'text-up' : 'text-down')}>{t(`side.${side}`)}</span>
}
