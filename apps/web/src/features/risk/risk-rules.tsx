import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/ui/badge.tsx'
import { cn } from '../../lib/cn.ts'
import { RISK_TONE, riskRules, type RiskColour, type RiskRule, type RiskStatus } from './risk-state.ts'

/** The rl contract's table itself, with the rows that hold now marked. */
export function RiskRules({ risk }: { risk: RiskStatus }) {
  const { t } = useTranslation()
  const holding = new Set<RiskRule>(riskRules(risk))
  const rows: [RiskRule | 'else', RiskColour, string][] = [
    ['kill', 'red', t('risk.ruleKill')],
    ['drawdown', 'orange', t('risk.ruleDrawdown')],
    ['cooldown', 'yellow', t('risk.ruleCooldown')],
    ['trades', 'yellow', t('risk.ruleTrades')],
    ['else', 'green', t('risk.ruleElse')],
  ]
  return (
    <table className="w-full text-sm">
      <thead>
        <tr className="border-b text-xs text-muted">
          <th scope="col" className="py-2 text-left font-medium">
            {t('risk.condition')}
          </th>
          <th scope="col" className="px-3 py-2 text-left font-medium">
            {t('risk.colour')}
          </th>
          <th scope="col" className="py-2 text-right font-medium">
            {t('risk.now')}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y">
        {rows.map(([rule, colour, text]) => {
          const holds = rule === 'else' ? holding.size === 0 : holding.has(rule)
          return (
            <tr key={rule} className={cn(!holds && 'text-muted')}>
              <td className={cn('py-2.5', holds && 'font-medium')}>{text}</td>
              <td className="px-3 py-2.5">
                <Badge tone={RISK_TONE[colour]}>{t(`risk.colours.${colour}`)}</Badge>
              </td>
              <td className="py-2.5 text-right">{holds ? t('risk.holds') : t('risk.clear')}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
