import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { cn } from '../../lib/cn.ts'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDuration, formatNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'

type Health = Outputs['v1']['health']['get']
type ServiceName = keyof Health['services']
type ServiceStatus = Health['status']

const LOOK = {
  healthy: { icon: CircleCheck, className: 'text-up' },
  degraded: { icon: TriangleAlert, className: 'text-warn-ink' },
  unhealthy: { icon: CircleX, className: 'text-down' },
} as const

export function HealthStrip() {
  const { t } = useTranslation()
  const health = trpc.v1.health.get.useQuery({}, { refetchInterval: 20_000 })
  return (
    <Card title={t('overview.health')} bodyClassName="pt-3">
      <DataBlock query={health} skeleton={<Skeleton className="h-14" />}>
        {(data) => <Services health={data} />}
      </DataBlock>
    </Card>
  )
}

function Services({ health }: { health: Health }) {
  const { t } = useTranslation()
  const { database, data_feed, broker_connection, redis, jobs } = health.services
  const age = data_feed.staleness_seconds
  const rows: [ServiceName, ServiceStatus, string, string | undefined][] = [
    [
      'database',
      database.status,
      t('healthService.latency', { ms: formatNumber(database.latency_ms, 1) }),
      database.detail,
    ],
    [
      'data_feed',
      data_feed.status,
      age === null ? '' : t('healthService.staleness', { age: formatDuration(age) }),
      data_feed.detail,
    ],
    [
      'broker_connection',
      broker_connection.status,
      `${broker_connection.broker} · ${t(`mode.${broker_connection.mode}`)}`,
      broker_connection.detail,
    ],
    ['jobs', jobs.status, t('healthService.load', { active: jobs.active, queued: jobs.queued }), jobs.detail],
    ['redis', redis.status, redis.enabled ? '' : t('healthService.off'), redis.detail],
  ]
  return (
    <ul className="grid gap-3 sm:grid-cols-3 lg:grid-cols-5">
      {rows.map(([name, status, note, detail]) => (
        <Service key={name} name={t(`healthService.${name}`)} status={status} note={note} detail={detail} />
      ))}
    </ul>
  )
}

interface ServiceProps {
  name: string
  status: ServiceStatus
  note: string
  detail: string | undefined
}

function Service({ name, status, note, detail }: ServiceProps) {
  const { t } = useTranslation()
  const { icon: Icon, className } = LOOK[status]
  return (
    <li className="flex items-start gap-2.5 text-sm" title={detail}>
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', className)} />
      <span className="min-w-0">
        <span className="font-medium">{name}</span>{' '}
        <span className="text-muted">{t(`health.${status}`)}</span>
        <span className="num block truncate text-xs text-muted">{note || detail || ' '}</span>
      </span>
    </li>
  )
}
