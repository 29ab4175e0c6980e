import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { Violations } from '../../components/violations.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime, formatPrice, formatQuantity, formatUsd } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'

type Detail = Outputs['deck']['orders']['get']['data']

/** What happened to an order, step by step, and why it was refused if it was. */
export function OrderDetail({ orderId }: { orderId: string }) {
  const order = trpc.deck.orders.get.useQuery({ order_id: orderId })
  return (
    <DataBlock query={order} skeleton={<Skeleton className="h-24" />}>
      {({ data }) => (
        <div className="grid gap-6 md:grid-cols-2">
          <Timeline detail={data} />
          <div className="space-y-5">
            {data.status === 'REJECTED' && <Refusals detail={data} />}
            <Facts detail={data} />
          </div>
        </div>
      )}
    </DataBlock>
  )
}

function Timeline({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  const steps: [string, string, string][] = [
    ['received', t('field.submitted'), formatDateTime(detail.submitted_at)],
    ...detail.fills.map((fill): [string, string, string] => [
      fill.fill_id,
      `${t('field.filled')}: ${formatQuantity(fill.quantity)} @ ${formatPrice(fill.price, 2, 4)}`,
      `${formatDateTime(fill.filled_at)} · ${t('field.fees')} ${formatUsd(fill.fee)}`,
    ]),
  ]
  if (detail.cancelled_at !== null) {
    steps.push(['cancelled', t('orderStatus.CANCELLED'), formatDateTime(detail.cancelled_at)])
  } else if (detail.status === 'REJECTED') {
    steps.push(['rejected', t('orderStatus.REJECTED'), detail.reason ?? ''])
  }
  return (
    <div>
      <h2 className="mb-2 text-xs font-semibold text-muted">{t('orders.timeline')}</h2>
      <ol className="space-y-3 border-l pl-4">
        {steps.map(([key, title, text]) => (
          <li key={key} className="relative text-sm">
            <span aria-hidden className="absolute top-1.5 -left-[1.28rem] size-2 rounded-full bg-accent" />
            <p className="num font-medium whitespace-normal">{title}</p>
            <p className="num text-xs whitespace-normal text-muted">{text}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Refusals({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  return (
    <div>
      <h2 className="text-xs font-semibold text-muted">{t('orders.refusals')}</h2>
      <p className="mb-2 text-xs text-muted">
        {detail.rejected_by === 'broker' ? t('orders.byBroker') : t('orders.byRisk')}
      </p>
      {detail.violations.length > 0 || detail.reason === null ? (
        <Violations violations={detail.violations} />
      ) : (
        <p className="text-sm">{detail.reason}</p>
      )}
    </div>
  )
}

function Facts({ detail }: { detail: Detail }) {
  const { t } = useTranslation()
  const rows: [string, string][] = [
    [t('orders.origin'), t(`orders.originName.${detail.origin}`)],
    [
      t('field.filled'),
      t('orders.filledOf', {
        filled: formatQuantity(detail.filled_quantity),
        quantity: formatQuantity(detail.quantity),
      }),
    ],
    [t('field.stopLoss'), formatPrice(detail.stop_loss, 2, 4)],
    [t('field.takeProfit'), formatPrice(detail.take_profit, 2, 4)],
    [t('orders.orderId'), detail.order_id],
  ]
  return (
    <dl className="space-y-1.5 text-xs">
      {rows.map(([label, value]) => (
        <div key={label} className="flex justify-between gap-4">
          <dt className="text-muted">{label}</dt>
          <dd className="num min-w-0 truncate text-right">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
