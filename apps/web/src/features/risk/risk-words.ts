import { useTranslation } from 'react-i18next'
import { formatCountdown, formatDrawdown, formatTime } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { riskRules, type RiskRule, type RiskStatus } from './risk-state.ts'

export interface RiskWords {
  rule: RiskRule | 'normal'
  title: string
  text: string
}

/** Every condition that holds, in words and in the contract's order; "normal" when none does. */
export function useRiskWords(risk: RiskStatus | undefined): RiskWords[] {
  const { t } = useTranslation()
  const now = useNow()
  if (!risk) return []
  const words = {
    kill: () => ({ title: t('risk.kill'), text: t('risk.killText') }),
    drawdown: () => ({
      title: t('risk.drawdown', { value: formatDrawdown(risk.current_drawdown_pct, 1) }),
      text: t('risk.drawdownText', { limit: formatDrawdown(risk.limits.max_drawdown_pct, 0) }),
    }),
    cooldown: () => cooldownWords(risk.cooldown_until ?? null),
    trades: () => ({
      title: t('risk.trades', { count: risk.trades_today, max: risk.limits.max_trades_per_day }),
      text: t('risk.tradesText'),
    }),
    normal: () => ({ title: t('risk.normal'), text: t('risk.normalText') }),
  }
  function cooldownWords(until: string | null) {
    const seconds = until === null ? 0 : (Date.parse(until) - now) / 1000
    return {
      title: t('risk.cooldown', { time: formatCountdown(seconds) }),
      text: t('risk.cooldownText', { until: until === null ? '' : formatTime(until) }),
    }
  }
  const rules = riskRules(risk)
  const shown: (RiskRule | 'normal')[] = rules.length === 0 ? ['normal'] : rules
  return shown.map((rule) => ({ rule, ...words[rule]() }))
}

export function useRiskHeadline(risk: RiskStatus | undefined): RiskWords {
  const [first] = useRiskWords(risk)
  return first ?? { rule: 'normal', title: '', text: '' }
}
