import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DASH } from '../lib/format.ts'
import { Tip } from './ui/tip.tsx'

const REASONS = {
  sharpe_ratio: 'returns',
  sortino_ratio: 'returns',
  calmar_ratio: 'returns',
  cagr: 'returns',
  rolling_sharpe: 'trades',
  win_rate: 'trades',
  avg_win_pct: 'trades',
  avg_trade_duration_hours: 'trades',
  profit_factor: 'losses',
  avg_loss_pct: 'losses',
} as const

interface MetricProps {
  /** The field's name on the wire. */
  name: string
  /** The answer's `undefined_metrics`. */
  undefinedMetrics: readonly string[]
  children: ReactNode
}

/** A figure, or a dash with the reason when it is not defined: the wire's 0 is not a zero then. */
export function Metric({ name, undefinedMetrics, children }: MetricProps) {
  const { t } = useTranslation()
  if (!undefinedMetrics.includes(name)) return <>{children}</>
  const reason = REASONS[name as keyof typeof REASONS] ?? 'other'
  const text = t('state.undefined', { reason: t(`state.undefinedReason.${reason}`) })
  return (
    <Tip text={text}>
      <button
        type="button"
        aria-label={text}
        className="cursor-help text-muted decoration-dotted underline-offset-4"
      >
        {DASH}
      </button>
    </Tip>
  )
}
