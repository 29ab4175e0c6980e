import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { trpc } from '../../lib/trpc.ts'
import { useAction } from '../../lib/use-action.ts'

type Run = Pick<Outputs['v1']['runs']['list']['data'][number], 'run_id' | 'status' | 'run_type'>

/** Stops a backtest that is being computed; nothing for any other run. */
export function CancelRun({ run }: { run: Run }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const cancel = trpc.deck.runs.cancel.useMutation(
    useAction(t('runs.cancelled'), () => utils.v1.runs.invalidate()),
  )
  if (run.status !== 'RUNNING' || run.run_type !== 'BACKTEST') return null
  return (
    <Button size="sm" pending={cancel.isPending} onClick={() => cancel.mutate({ run_id: run.run_id })}>
      {t('action.cancel')}
    </Button>
  )
}
