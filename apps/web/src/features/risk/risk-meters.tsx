import { useTranslation } from 'react-i18next'
import type { Tone } from '../../components/ui/badge.tsx'
import { Meter } from '../../components/ui/meter.tsx'
import { formatDrawdown, formatInteger, formatPercent } from '../../lib/format.ts'
import { DRAWDOWN_WARNING_PCT, TRADES_WARNING_SHARE, dailyLossPct, type RiskStatus } from './risk-state.ts'

/** Losing trades in a row that start a cooldown (risk rule A04). */
const LOSS_STREAK_LIMIT = 3

interface Gauge {
  label: string
  text: string
  note?: string
  value: number
  max: number
  marks: number[]
  tone: Tone
}

/** Each limit as a bar with its use in words; marks stand at the warning level and at the limit. */
export function RiskMeters({ risk }: { risk: RiskStatus }) {
  return (
    <ul className="space-y-5">
      {useGauges(risk).map((gauge) => (
        <li key={gauge.label}>
          <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
            <span className="font-medium">{gauge.label}</span>
            <span className="num">
              {gauge.text} <span className="text-xs text-muted">{gauge.note}</span>
            </span>
          </div>
          <Meter {...gauge} className="h-2.5" />
        </li>
      ))}
    </ul>
  )
}

function toneOf(value: number, warning: number, limit: number): Tone {
  if (value >= limit) return 'bad'
  return value >= warning ? 'warn' : 'ok'
}

function useGauges(risk: RiskStatus): Gauge[] {
  const { t } = useTranslation()
  const {
    max_drawdown_pct: maxDrawdown,
    max_daily_loss_pct: maxDaily,
    max_trades_per_day: maxTrades,
  } = risk.limits
  const drawdown = Math.abs(risk.current_drawdown_pct)
  const loss = dailyLossPct(risk)
  const tradesWarning = TRADES_WARNING_SHARE * maxTrades
  const of = (value: string, limit: string) => t('risk.of', { value, limit })
  return [
    {
      label: t('risk.meterDrawdown'),
      text: of(formatDrawdown(drawdown), formatDrawdown(maxDrawdown, 0)),
      note: t('risk.warnAt', { value: formatDrawdown(DRAWDOWN_WARNING_PCT, 0) }),
      value: drawdown,
      max: maxDrawdown,
      marks: [DRAWDOWN_WARNING_PCT, maxDrawdown],
      tone: toneOf(drawdown, DRAWDOWN_WARNING_PCT, maxDrawdown),
    },
    {
      label: t('risk.meterDaily'),
      text: of(formatDrawdown(loss), formatDrawdown(maxDaily, 0)),
      ...(risk.daily_pnl_pct > 0
        ? { note: t('risk.dailyGain', { value: formatPercent(risk.daily_pnl_pct, { signed: true }) }) }
        : {}),
      value: loss,
      max: maxDaily,
      marks: [maxDaily],
      tone: toneOf(loss, maxDaily * 0.6, maxDaily),
    },
    {
      label: t('risk.meterTrades'),
      text: of(formatInteger(risk.trades_today), formatInteger(maxTrades)),
      value: risk.trades_today,
      max: maxTrades,
      marks: [tradesWarning, maxTrades],
      tone: toneOf(risk.trades_today, tradesWarning, maxTrades),
    },
    {
      label: t('risk.meterLosses'),
      text: of(formatInteger(risk.consecutive_losses), formatInteger(LOSS_STREAK_LIMIT)),
      value: risk.consecutive_losses,
      max: LOSS_STREAK_LIMIT,
      marks: [LOSS_STREAK_LIMIT],
      tone: toneOf(risk.consecutive_losses, LOSS_STREAK_LIMIT - 1, LOSS_STREAK_LIMIT),
    },
  ]
}
