import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge, TONE_CLASS } from '../../components/ui/badge.tsx'
import { cn } from '../../lib/cn.ts'
import { RISK_TONE, riskColour, type RiskStatus } from './risk-state.ts'
import { useRiskWords } from './risk-words.ts'

/** The deciding condition large, every other one that holds as a badge. */
export function RiskHeadline({ risk }: { risk: RiskStatus }) {
  const { t } = useTranslation()
  const [first, ...more] = useRiskWords(risk)
  const colour = riskColour(risk)
  const Icon = colour === 'green' ? ShieldCheck : ShieldAlert
  return (
    <div
      className={cn('flex flex-wrap items-center gap-4 rounded-xl p-4 sm:p-5', TONE_CLASS[RISK_TONE[colour]])}
    >
      <Icon aria-hidden className="size-9 shrink-0" strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p className="num text-lg font-semibold tracking-tight">{first?.title}</p>
        <p className="text-sm">
          {risk.daily_blocked ? `${t('risk.daily')}. ${t('risk.dailyText')}` : first?.text}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {more.map((words) => (
          <Badge key={words.rule} tone="watch" title={words.text} className="num">
            {words.title}
          </Badge>
        ))}
        <Badge>{risk.is_paper_trading ? t('risk.paperAccount') : t('risk.liveAccount')}</Badge>
      </div>
    </div>
  )
}
