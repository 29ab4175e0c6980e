import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '../../lib/errors.ts'
import { toastError, toastSuccess } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'

/** How long one may think again: an acknowledgement cannot be taken back. */
const UNDO_MS = 5_000
/** As many as the limit of writes takes at once. */
const MOST_CHOSEN = 20

/** Alerts that are chosen, and their acknowledgement, which waits a moment and can be undone until then. */
export function useBulkAcknowledge() {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const [chosen, setChosen] = useState<readonly string[]>([])

  async function send(ids: readonly string[]): Promise<void> {
    try {
      // One by one: each is a fact of its own in the audit log.
      for (const id of ids) await utils.client.v1.alerts.acknowledge.mutate({ alert_id: id })
      toastSuccess(t('alerts.doneMany', { count: ids.length }))
    } catch (error) {
      toastError(problemText(toProblem(error), t))
    } finally {
      void utils.v1.alerts.invalidate()
    }
  }

  function acknowledge(): void {
    const ids = chosen
    setChosen([])
    const timer = setTimeout(() => void send(ids), UNDO_MS)
    const undo = () => {
      clearTimeout(timer)
      setChosen(ids)
    }
    toastSuccess(t('alerts.leaving', { count: ids.length }), {
      duration: UNDO_MS,
      action: { label: t('alerts.undo'), onClick: undo },
    })
  }

  return {
    chosen,
    acknowledge,
    selection: {
      isSelected: (row: { alert_id: string }) => chosen.includes(row.alert_id),
      mayToggle: (row: { alert_id: string; acknowledged: boolean }) =>
        chosen.includes(row.alert_id) || (!row.acknowledged && chosen.length < MOST_CHOSEN),
      onToggle: ({ alert_id: id }: { alert_id: string }) =>
        setChosen((ids) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id])),
    },
  }
}
