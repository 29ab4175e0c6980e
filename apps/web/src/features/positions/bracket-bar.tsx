import { useTranslation } from 'react-i18next'
import { Change } from '../../components/pnl.tsx'
import { cn } from '../../lib/cn.ts'
import { formatPrice, toNumber, type Numeric } from '../../lib/format.ts'
import type { PositionDetail } from './position-page.tsx'

interface Mark {
  label: string
  price: number
  className: string
}

/** Stop, entry, price and target on one line of prices, with what is lost or won at its ends. */
export function BracketBar({ detail }: { detail: PositionDetail }) {
  const { t } = useTranslation()
  const { risk_metrics: risk } = detail
  const marks = [
    mark(t('field.stopLoss'), risk.stop_loss_price, 'bg-down'),
    mark(t('field.entry'), detail.average_entry_price, 'bg-muted'),
    mark(t('field.current'), detail.current_price, 'bg-accent'),
    mark(t('field.takeProfit'), risk.take_profit_price, 'bg-up'),
  ].filter((each) => each !== null)
  if (risk.stop_loss_price === undefined && risk.take_profit_price === undefined) {
    return <p className="text-sm text-muted">{t('positions.bracketNone')}</p>
  }
  return (
    <div>
      <PriceLine marks={marks} />
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-3 text-sm md:grid-cols-4">
        {marks.map((each) => (
          <div key={each.label}>
            <dt className="flex items-center gap-1.5 text-xs text-muted">
              <span aria-hidden className={cn('size-2 rounded-full', each.className)} />
              {each.label}
            </dt>
            <dd className="num font-medium">{formatPrice(each.price, 2, 4)}</dd>
          </div>
        ))}
        <AtLevel label={t('positions.maxLoss')} value={risk.max_loss} />
        <AtLevel label={t('positions.maxProfit')} value={risk.max_profit} />
      </dl>
    </div>
  )
}

function AtLevel({ label, value }: { label: string; value: Numeric }) {
  if (value === undefined) return null
  return (
    <div>
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="font-medium">
        <Change value={value} />
      </dd>
    </div>
  )
}

function mark(label: string, price: Numeric, className: string): Mark | null {
  const number = toNumber(price)
  return number === null ? null : { label, price: number, className }
}

function PriceLine({ marks }: { marks: readonly Mark[] }) {
  const prices = marks.map(({ price }) => price)
  const low = Math.min(...prices)
  const range = Math.max(...prices) - low || 1
  return (
    <div
      aria-hidden
      className="relative mx-2 my-4 h-2 rounded-full bg-linear-to-r from-down/40 via-raised to-up/40"
    >
      {marks.map(({ label, price, className }) => (
        <span
          key={label}
          title={label}
          className={cn(
            'absolute top-1/2 size-4 -translate-1/2 rounded-full border-2 border-surface',
            className,
          )}
          style={{ left: `${((price - low) / range) * 100}%` }}
        />
      ))}
    </div>
  )
}
