import { Link } from '@tanstack/react-router'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { TONE_CLASS } from '../components/ui/badge.tsx'
import { cn } from '../lib/cn.ts'
import { RISK_TONE, riskColour } from '../features/risk/risk-state.ts'
import { useRiskHeadline } from '../features/risk/risk-words.ts'
import { useRisk } from './use-deck-status.ts'

/** The risk state in one word, on every page; leads to the limits behind it. */
export function RiskPill({ className }: { className?: string }) {
  const { t } = useTranslation()
  const risk = useRisk()
  const headline = useRiskHeadline(risk.data)
  if (!risk.data) return null
  const colour = riskColour(risk.data)
  const Icon = colour === 'green' ? ShieldCheck : ShieldAlert
  return (
    <Link
      to="/risk"
      className={cn(
        'num inline-flex h-8 items-center gap-1.5 rounded-full px-2.5 text-xs font-semibold',
        TONE_CLASS[RISK_TONE[colour]],
        className,
      )}
    >
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">{t('bar.status')}: </span>
      {headline.title}
    </Link>
  )
}
