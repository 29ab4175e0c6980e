import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Age } from '../../components/age.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Meter } from '../../components/ui/meter.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { cn } from '../../lib/cn.ts'
import { DASH, formatFraction, formatNumber, formatPrice, formatUsd } from '../../lib/format.ts'

type Signal = Outputs['rl']['signals']['latest']['signals'][number]

/** What one strategy says now: direction, confidence, levels, risk and why. */
export function SignalCard({ signal, marketOpen }: { signal: Signal; marketOpen: boolean }) {
  const { t } = useTranslation()
  const confidence = formatFraction(signal.confidence, 0)
  const levels: [string, string][] = [
    [t('field.entry'), formatPrice(signal.entry_price)],
    [t('field.size'), formatFraction(signal.size, 0)],
    [t('field.stopLoss'), formatPrice(signal.stop_loss)],
    [t('field.takeProfit'), formatPrice(signal.take_profit)],
    [t('field.riskReward'), rewardToRisk(signal)],
    [t('field.atRisk'), formatUsd(signal.risk_usd)],
  ]
  return (
    <article className="flex min-w-0 flex-col rounded-xl border bg-surface p-4 shadow-card">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="truncate text-sm">
            <StrategyLink id={signal.strategy_code} name={signal.strategy_name} />
          </h3>
          <p className="text-xs text-muted">{signal.symbol}</p>
        </div>
        <SignalBadge signal={signal.signal} large />
      </div>
      <div className="mt-3 flex items-center gap-3">
        <Meter
          label={t('field.confidence')}
          text={confidence}
          value={signal.confidence}
          max={1}
          tone={signal.signal === 'HOLD' ? 'neutral' : 'info'}
          className="flex-1"
        />
        <span className="num text-sm font-semibold">{confidence}</span>
      </div>
      <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-1.5 text-xs xl:grid-cols-1 2xl:grid-cols-2">
        {levels.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-2">
            <dt className="text-muted">{label}</dt>
            <dd className="num font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <Reasoning text={signal.reasoning} />
      <p className="mt-auto pt-3 text-xs">
        {/* While its market is closed a signal is not late. */}
        <Age at={signal.timestamp} graded={marketOpen} />
      </p>
    </article>
  )
}

function rewardToRisk({ entry_price: entry, stop_loss: stop, take_profit: target }: Signal): string {
  if (entry === undefined || stop === undefined || target === undefined || entry === stop) return DASH
  return `${formatNumber(Math.abs(target - entry) / Math.abs(entry - stop), 1)} : 1`
}

const LONG_TEXT = 90

function Reasoning({ text }: { text: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (text === '') return null
  return (
    <div className="mt-3 border-t pt-3 text-xs">
      <p translate="no" className={cn('text-muted', !open && 'line-clamp-2')}>
        {text}
      </p>
      {text.length > LONG_TEXT && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="mt-1 font-medium text-accent hover:underline"
        >
          {open ? t('action.collapse') : t('action.expand')}
        </button>
      )}
    </div>
  )
}
