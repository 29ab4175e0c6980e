import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '../../lib/cn.ts'
import { Button } from '../ui/button.tsx'

interface DetailToggleProps {
  open: boolean
  controls: string
  onToggle: () => void
}

export function DetailToggle({ open, controls, onToggle }: DetailToggleProps) {
  const { t } = useTranslation()
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-expanded={open}
      aria-controls={controls}
      aria-label={open ? t('action.collapse') : t('action.expand')}
      onClick={onToggle}
    >
      <ChevronDown aria-hidden className={cn('size-4 transition-transform', open && 'rotate-180')} />
    </Button>
  )
}
