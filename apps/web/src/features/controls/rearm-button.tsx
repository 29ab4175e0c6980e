import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { Button } from '../../components/ui/button.tsx'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'
import { useKillBlocked } from './control-rules.ts'

/** The execution throttle waits for a person, who says why it may count anew; nothing else is released by it. */
export function RearmButton({ strategyId }: { strategyId: string }) {
  const { t } = useTranslation()
  const [isAsking, setAsking] = useState(false)
  const utils = trpc.useUtils()
  const blocked = useKillBlocked()
  const rearm = trpc.deck.limits.rearm.useMutation(
    useAction(t('controls.rearmed', { strategy: strategyId }), () => {
      setAsking(false)
      void utils.invalidate()
    }),
  )
  return (
    <>
      <Button
        size="sm"
        disabled={blocked !== null}
        title={blocked ?? undefined}
        onClick={() => setAsking(true)}
      >
        {t('controls.rearm')}
      </Button>
      {isAsking && (
        <ReasonDialog
          title={t('controls.rearmTitle', { strategy: strategyId })}
          description={t('controls.rearmText')}
          confirmLabel={t('controls.rearmConfirm')}
          pending={rearm.isPending}
          onConfirm={(reason) => rearm.mutate({ strategy_id: strategyId, reason })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
