import { ArrowRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Change } from '../../components/pnl.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Picker } from '../../components/ui/field.tsx'
import { Segmented } from '../../components/ui/segmented.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import { useStrategyOptions } from '../../components/use-strategy-options.ts'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDrawdown, formatInteger, formatPercent } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { RISK_TONE, riskColour, type RiskStatus } from './risk-state.ts'
import { useRiskWords } from './risk-words.ts'

type WhatIf = Outputs['deck']['risk']['whatIf']['data']

const RESULTS = ['-5', '-2', '-1', '1', '2'] as const

/** What one more trade would do, as the desk's own rules say on a copy of its state. */
export function OneMoreTrade() {
  const { t } = useTranslation()
  const [result, setResult] = useState<(typeof RESULTS)[number]>('-2')
  const [strategy, setStrategy] = useState<string | undefined>()
  const outcome = trpc.deck.risk.whatIf.useQuery(
    { result_pct: Number(result), strategy_id: strategy },
    { refetchInterval: 15_000, placeholderData: (previous) => previous },
  )
  const choices = (
    <span className="flex flex-wrap items-center gap-2">
      <Picker
        label={t('field.strategy')}
        value={strategy}
        allLabel={t('risk.wholeAccount')}
        options={useStrategyOptions()}
        onChange={setStrategy}
      />
      <Segmented
        label={t('risk.tradeResult')}
        value={result}
        options={RESULTS.map((value) => [value, formatPercent(value, { signed: true, digits: 0 })] as const)}
        onChange={setResult}
      />
    </span>
  )
  return (
    <Card title={t('risk.oneMore')} description={t('risk.oneMoreHint')} actions={choices}>
      <DataBlock query={outcome} skeleton={<Skeleton className="h-44" />}>
        {({ data }) => <Outcome data={data} />}
      </DataBlock>
    </Card>
  )
}

function Outcome({ data: { before, after, consequences } }: { data: WhatIf }) {
  const { t } = useTranslation()
  const drawdown = (risk: RiskStatus) => formatDrawdown(risk.current_drawdown_pct)
  const rows: [string, ReactNode, ReactNode, string][] = [
    [
      t('risk.meterDrawdown'),
      drawdown(before),
      drawdown(after),
      formatDrawdown(after.limits.max_drawdown_pct, 0),
    ],
    [
      t('risk.today'),
      <Change key="before" value={before.daily_pnl_pct} unit="percent" arrow={false} />,
      <Change key="after" value={after.daily_pnl_pct} unit="percent" arrow={false} />,
      formatDrawdown(after.limits.max_daily_loss_pct, 0),
    ],
    [
      t('risk.meterTrades'),
      formatInteger(before.trades_today),
      formatInteger(after.trades_today),
      formatInteger(after.limits.max_trades_per_day),
    ],
    [
      t('risk.meterLosses'),
      formatInteger(before.consecutive_losses),
      formatInteger(after.consecutive_losses),
      '',
    ],
  ]
  return (
    <>
      <p className="mb-3 flex flex-wrap items-center gap-2 text-sm">
        <StateBadge risk={before} />
        <ArrowRight aria-hidden className="size-4 text-muted" />
        <span className="sr-only">{t('risk.after')}</span>
        <StateBadge risk={after} />
      </p>
      <table className="w-full text-sm">
        <caption className="sr-only">{t('risk.oneMore')}</caption>
        <thead>
          <tr className="border-b text-xs text-muted">
            <td />
            {[t('risk.now'), t('risk.after'), t('risk.limit')].map((head) => (
              <th key={head} scope="col" className="py-2 pl-3 text-right font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {rows.map(([name, now, then, limit]) => (
            <tr key={name}>
              <th scope="row" className="py-2 text-left font-normal text-muted">
                {name}
              </th>
              <td className="num py-2 pl-3 text-right">{now}</td>
              <td className="num py-2 pl-3 text-right font-semibold">{then}</td>
              <td className="num py-2 pl-3 text-right text-muted">{limit}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul aria-label={t('risk.consequences')} className="mt-3 space-y-1 text-sm">
        {consequences.length === 0 && <li className="text-muted">{t('risk.noConsequence')}</li>}
        {consequences.map((consequence) => (
          <li key={consequence} className="font-medium text-warn-ink">
            {t(`risk.consequence.${consequence}`)}
          </li>
        ))}
      </ul>
    </>
  )
}

function StateBadge({ risk }: { risk: RiskStatus }) {
  const [first] = useRiskWords(risk)
  return (
    <Badge tone={RISK_TONE[riskColour(risk)]} className="num">
      {first?.title}
    </Badge>
  )
}
