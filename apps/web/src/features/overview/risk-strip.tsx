import { Link } from '@tanstack/react-router'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { TONE_CLASS } from '../../components/ui/badge.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { cn } from '../../lib/cn.ts'
import { formatDrawdown, formatPercent } from '../../lib/format.ts'
import { useRisk } from '../../shell/use-deck-status.ts'
import { RISK_TONE, riskColour, type RiskStatus } from '../risk/risk-state.ts'
import { useRiskWords } from '../risk/risk-words.ts'

/** The rl contract's colour table in one line. */
export function RiskStrip() {
  const risk = useRisk()
  return (
    <DataBlock query={risk} skeleton={<Skeleton className="h-12 rounded-xl" />}>
      {(data) => <Strip risk={data} />}
    </DataBlock>
  )
}

function Strip({ risk }: { risk: RiskStatus }) {
  const { t } = useTranslation()
  const [first, ...more] = useRiskWords(risk)
  const colour = riskColour(risk)
  const Icon = colour === 'green' ? ShieldCheck : ShieldAlert
  const facts: [string, string][] = [
    [t('risk.meterDrawdown'), formatDrawdown(risk.current_drawdown_pct)],
    [t('risk.today'), formatPercent(risk.daily_pnl_pct, { signed: true })],
    [t('risk.meterTrades'), `${risk.trades_today} / ${risk.limits.max_trades_per_day}`],
    [t('risk.meterLosses'), String(risk.consecutive_losses)],
  ]
  return (
    <div
      className={cn(
        'flex flex-wrap items-center gap-x-6 gap-y-2 rounded-xl px-4 py-2.5 text-sm',
        TONE_CLASS[RISK_TONE[colour]],
      )}
    >
      <Link to="/risk" className="flex items-center gap-2 font-semibold underline-offset-2 hover:underline">
        <Icon aria-hidden className="size-4.5" />
        {first?.title}
      </Link>
      <span className="min-w-0 flex-1 basis-48">
        {[first?.text, ...more.map((words) => `${words.title}.`)].join(' ')}
      </span>
      <dl className="num flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {facts.map(([label, value]) => (
          <div key={label} className="flex gap-1.5">
            <dt>{label}</dt>
            <dd className="font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
