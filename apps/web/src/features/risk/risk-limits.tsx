import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { formatDrawdown, formatFraction, formatInteger } from '../../lib/format.ts'
import { dailyLossPct, type RiskStatus } from './risk-state.ts'

interface Row {
  name: string
  limit: string
  used: string
  effect: string
}

/** The account's limits, how much of each is used, and what happens at it. */
export function RiskLimits({ risk }: { risk: RiskStatus }) {
  const { t } = useTranslation()
  const { limits } = risk
  const share = (used: number, limit: number) => formatFraction(limit > 0 ? used / limit : 0, 0)
  const rows: Row[] = [
    {
      name: t('risk.maxDrawdown'),
      limit: formatDrawdown(limits.max_drawdown_pct),
      used: share(Math.abs(risk.current_drawdown_pct), limits.max_drawdown_pct),
      effect: t('risk.maxDrawdownEffect'),
    },
    {
      name: t('risk.maxDaily'),
      limit: formatDrawdown(limits.max_daily_loss_pct),
      used: share(dailyLossPct(risk), limits.max_daily_loss_pct),
      effect: t('risk.maxDailyEffect'),
    },
    {
      name: t('risk.maxTrades'),
      limit: formatInteger(limits.max_trades_per_day),
      used: share(risk.trades_today, limits.max_trades_per_day),
      effect: t('risk.maxTradesEffect'),
    },
  ]
  return (
    <DataTable
      label={t('risk.limits')}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        {
          id: 'name',
          header: t('risk.limit'),
          cell: (row) => <span className="font-medium">{row.name}</span>,
        },
        { id: 'limit', header: t('field.value'), align: 'right', cell: (row) => row.limit },
        { id: 'used', header: t('risk.used'), align: 'right', cell: (row) => row.used },
        {
          id: 'effect',
          header: t('risk.effect'),
          wide: true,
          cell: (row) => <span className="text-muted">{row.effect}</span>,
        },
      ]}
    />
  )
}
