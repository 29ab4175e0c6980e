import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReasonField } from '../../components/confirm-fields.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Button } from '../../components/ui/button.tsx'
import { SelectField } from '../../components/ui/field.tsx'
import { formatUsd, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { toastSuccess } from '../../lib/toast.ts'
import { useKillBlocked } from './control-rules.ts'

const PRESETS = ['market', 'model', 'data', 'broker', 'precaution'] as const
const LEVELS = ['halt', 'reduce'] as const
const ORDERS = ['cancel_all', 'cancel_entries', 'none'] as const

interface KillDialogProps {
  strategyId?: string
  onClose: () => void
}

/** Stopping is fast: one dialog, a reason, no typed word. It says exactly what stops before it does. */
export function KillDialog({ strategyId, onClose }: KillDialogProps) {
  const { t } = useTranslation()
  const [scope, setScope] = useState(strategyId ?? '')
  const [level, setLevel] = useState<(typeof LEVELS)[number]>('halt')
  const [orders, setOrders] = useState<(typeof ORDERS)[number]>('cancel_all')
  const [reason, setReason] = useState('')
  const strategies = trpc.v1.strategies.list.useQuery({})
  const blocked = useKillBlocked()
  const activate = useActivate(onClose)
  return (
    <FormDialog
      title={t('controls.stopTitle')}
      description={t('controls.stopText')}
      submitLabel={scope === '' ? t('controls.stopAll') : t('controls.stopOne', { name: scope })}
      danger
      sending={activate}
      isReady={reason.trim() !== ''}
      blocked={blocked}
      onSubmit={() =>
        activate.mutate({
          action: 'activate',
          reason: reason.trim(),
          level,
          on_activate: orders,
          ...(scope !== '' && { strategy_id: scope }),
        })
      }
      onClose={onClose}
    >
      <SelectField
        label={t('controls.scope')}
        value={scope}
        onChange={(event) => setScope(event.target.value)}
      >
        <option value="">{t('controls.everything')}</option>
        {strategies.data?.data.map((row) => (
          <option key={row.strategy_id} value={row.strategy_id}>
            {row.name}
          </option>
        ))}
      </SelectField>
      <Affected strategyId={scope === '' ? undefined : scope} />
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label={t('controls.level')}
          value={level}
          hint={t(`controls.levelText.${level}`)}
          onChange={(event) => setLevel(event.target.value === 'reduce' ? 'reduce' : 'halt')}
        >
          {LEVELS.map((value) => (
            <option key={value} value={value}>
              {t(`controls.levels.${value}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t('controls.workingOrders')}
          value={orders}
          hint={t(`controls.ordersText.${orders}`)}
          onChange={(event) =>
            setOrders(ORDERS.find((value) => value === event.target.value) ?? 'cancel_all')
          }
        >
          {ORDERS.map((value) => (
            <option key={value} value={value}>
              {t(`controls.orders.${value}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <div>
        <ReasonField value={reason} onChange={setReason} />
        <div className="mt-2 flex flex-wrap gap-1.5">
          {PRESETS.map((preset) => (
            <Button key={preset} size="sm" onClick={() => setReason(t(`controls.preset.${preset}`))}>
              {t(`controls.preset.${preset}`)}
            </Button>
          ))}
        </div>
      </div>
    </FormDialog>
  )
}

function useActivate(onClose: () => void) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  return trpc.v1.controls.killSwitch.useMutation({
    onSuccess({ data }) {
      toastSuccess(t('controls.stopped', { count: data.affected_strategies.length }))
      void utils.invalidate()
      onClose()
    },
  })
}

/** What stops: named and counted, before it happens. */
function Affected({ strategyId }: { strategyId: string | undefined }) {
  const { t } = useTranslation()
  const strategies = trpc.v1.strategies.list.useQuery({ status: 'active' })
  const positions = trpc.v1.positions.list.useQuery({ strategy_id: strategyId, per_page: 100 })
  const pending = trpc.v1.orders.list.useQuery({ strategy_id: strategyId, status: 'PENDING', per_page: 1 })
  const sent = trpc.v1.orders.list.useQuery({ strategy_id: strategyId, status: 'SUBMITTED', per_page: 1 })
  const names = (strategies.data?.data ?? [])
    .filter((row) => strategyId === undefined || row.strategy_id === strategyId)
    .map((row) => row.name)
  const value = positions.data?.data.reduce((sum, row) => sum + Math.abs(toNumber(row.market_value) ?? 0), 0)
  const orders = (pending.data?.meta.total_count ?? 0) + (sent.data?.meta.total_count ?? 0)
  return (
    <div className="rounded-lg bg-raised px-3 py-2 text-sm">
      <p className="font-medium">{t('controls.affects', { count: names.length })}</p>
      {names.length > 0 && <p className="text-muted">{names.join(', ')}</p>}
      <p className="mt-1 text-muted">
        {t('controls.openPositions', {
          count: positions.data?.meta.total_count ?? 0,
          value: formatUsd(value),
        })}{' '}
        {t('controls.workingCount', { count: orders })}
      </p>
    </div>
  )
}
