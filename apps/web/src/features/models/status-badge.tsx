import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '../../components/ui/badge.tsx'
import type { Outputs } from '../../lib/app-router.ts'

type Status = Outputs['rl']['monitor']['health']['models'][number]['status']

export const MODEL_LOOK: Record<Status, { icon: typeof CircleX; tone: Tone }> = {
  healthy: { icon: CircleCheck, tone: 'ok' },
  warning: { icon: TriangleAlert, tone: 'watch' },
  critical: { icon: CircleX, tone: 'bad' },
}

export function StatusBadge({ status }: { status: Status }) {
  const { t } = useTranslation()
  const { icon: Icon, tone } = MODEL_LOOK[status]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden /> {t(`health.${status}`)}
    </Badge>
  )
}
