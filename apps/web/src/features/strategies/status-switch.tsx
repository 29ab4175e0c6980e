import { Switch } from 'radix-ui'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../../components/ui/dialog.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { useOffline } from '../../lib/feed.ts'
import { formatUsd, toNumber } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { useRisk } from '../../shell/use-deck-status.ts'
import { toastError, toastSuccess } from '../../lib/toast.ts'

interface StatusSwitchProps {
  strategy: {
    strategy_id: string
    name: string
    status: 'active' | 'inactive'
    mode: 'BACKTEST' | 'PAPER' | 'LIVE'
  }
}

/** Turns a strategy on or off, always after a question that names what it means. */
export function StatusSwitch({ strategy }: StatusSwitchProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const reasonId = useId()
  const active = strategy.status === 'active'
  const blocked = useBlockReason(active)
  return (
    <span className="inline-flex items-center gap-2">
      <Switch.Root
        checked={active}
        disabled={blocked !== null}
        aria-label={`${strategy.name}: ${t(`strategyStatus.${strategy.status}`)}`}
        aria-describedby={blocked === null ? undefined : reasonId}
        title={blocked ?? undefined}
        onCheckedChange={() => setAsking(true)}
        className="relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-raised transition-colors disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="block size-4 translate-x-1 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-surface" />
      </Switch.Root>
      <span className="text-xs text-muted">{t(`strategyStatus.${strategy.status}`)}</span>
      {blocked !== null && (
        <span id={reasonId} className="sr-only">
          {blocked}
        </span>
      )}
      {asking && <Question strategy={strategy} onClose={() => setAsking(false)} />}
    </span>
  )
}

/** Disabled with a reason, never hidden. Turning off stays possible under the kill switch. */
function useBlockReason(active: boolean): string | null {
  const { t } = useTranslation()
  const offline = useOffline()
  const user = useUser()
  const risk = useRisk()
  if (offline) return t('strategies.offlineBlocks')
  if (user?.role === 'viewer') return t('strategies.roleBlocks')
  if (!active && risk.data?.kill_switch_active === true) return t('strategies.killBlocks')
  return null
}

function Question({ strategy, onClose }: StatusSwitchProps & { onClose: () => void }) {
  const { t } = useTranslation()
  const { name } = strategy
  const active = strategy.status === 'active'
  const utils = trpc.useUtils()
  const positions = trpc.v1.positions.list.useQuery(
    { strategy_id: strategy.strategy_id, per_page: 100 },
    { enabled: active },
  )
  const update = trpc.v1.strategies.update.useMutation({
    onSuccess: () => {
      toastSuccess(active ? t('strategies.deactivated', { name }) : t('strategies.activated', { name }))
      void utils.v1.strategies.invalidate()
      onClose()
    },
    onError: (error) => toastError(problemText(toProblem(error), t), { description: error.message }),
  })
  const value = positions.data?.data.reduce((sum, row) => sum + Math.abs(toNumber(row.market_value) ?? 0), 0)
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={active ? t('strategies.deactivateTitle', { name }) : t('strategies.activateTitle', { name })}
      description={
        <>
          <p>
            {active
              ? t('strategies.deactivateText')
              : t('strategies.activateText', { mode: t(`mode.${strategy.mode}`) })}
          </p>
          {positions.data && (
            <p className="mt-2 font-medium text-ink">
              {t('strategies.openPositions', {
                count: positions.data.meta.total_count,
                value: formatUsd(value),
              })}
            </p>
          )}
        </>
      }
      confirmLabel={active ? t('strategies.deactivate') : t('strategies.activate')}
      danger={active}
      pending={update.isPending}
      onConfirm={() =>
        update.mutate({ strategy_id: strategy.strategy_id, status: active ? 'inactive' : 'active' })
      }
    />
  )
}
