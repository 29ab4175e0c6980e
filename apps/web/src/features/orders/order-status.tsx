import { Ban, CircleCheck, CircleDashed, CircleX, Clock, Send } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/ui/badge.tsx'
import { toNumber } from '../../lib/format.ts'

const LOOK = {
  PENDING: { icon: Clock, tone: 'neutral' },
  SUBMITTED: { icon: Send, tone: 'info' },
  FILLED: { icon: CircleCheck, tone: 'ok' },
  CANCELLED: { icon: CircleX, tone: 'neutral' },
  REJECTED: { icon: Ban, tone: 'bad' },
  PARTIAL: { icon: CircleDashed, tone: 'watch' },
} as const

interface OrderStatusBadgeProps {
  order: {
    status: 'PENDING' | 'SUBMITTED' | 'FILLED' | 'CANCELLED' | 'REJECTED'
    filled_quantity: string
    quantity: string
  }
}

/** On the wire a partial fill is SUBMITTED with something filled; here it has its own word. */
export function OrderStatusBadge({ order }: OrderStatusBadgeProps) {
  const { t } = useTranslation()
  const partial = order.status === 'SUBMITTED' && (toNumber(order.filled_quantity) ?? 0) > 0
  const status = partial ? 'PARTIAL' : order.status
  const { icon: Icon, tone } = LOOK[status]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {t(`orderStatus.${status}`)}
    </Badge>
  )
}
