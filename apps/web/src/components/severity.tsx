import { CircleAlert, CircleX, Info, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from './ui/badge.tsx'

export type SeverityKind = 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL'

const LOOK: Record<SeverityKind, { icon: typeof Info; tone: Tone }> = {
  INFO: { icon: Info, tone: 'info' },
  WARNING: { icon: TriangleAlert, tone: 'watch' },
  ERROR: { icon: CircleAlert, tone: 'warn' },
  CRITICAL: { icon: CircleX, tone: 'bad' },
}

export function Severity({ severity }: { severity: SeverityKind }) {
  const { t } = useTranslation()
  const { icon: Icon, tone } = LOOK[severity]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`severity.${severity}`)}
    </Badge>
  )
}
