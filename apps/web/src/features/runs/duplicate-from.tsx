import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SelectField } from '../../components/ui/field.tsx'
import { problemText, toProblem } from '../../lib/errors.ts'
import { formatDate, formatMinute } from '../../lib/format.ts'
import { toastError } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { formOf, type RunForm } from './run-form.ts'

/** As many as one scrolls through. */
const OFFERED = 20

/** Fills the form with what an earlier backtest was asked for. */
export function DuplicateFrom({ onChosen }: { onChosen: (form: RunForm) => void }) {
  const { t } = useTranslation()
  const { client } = trpc.useUtils()
  const runs = trpc.v1.runs.list.useQuery({ run_type: 'BACKTEST', per_page: OFFERED })
  const [chosen, setChosen] = useState('')
  const [isPartial, setPartial] = useState(false)
  async function choose(runId: string): Promise<void> {
    setChosen(runId)
    if (runId === '') return
    try {
      const { data } = await client.v1.runs.get.query({ run_id: runId })
      const { form, hasMore } = formOf(data)
      setPartial(hasMore)
      onChosen(form)
    } catch (error) {
      toastError(problemText(toProblem(error), t))
    }
  }
  const rows = runs.data?.data ?? []
  if (rows.length === 0) return null
  return (
    <SelectField
      label={t('runs.duplicate')}
      hint={isPartial ? t('runs.duplicatePartly') : undefined}
      value={chosen}
      onChange={(event) => void choose(event.target.value)}
    >
      <option value="">{t('runs.duplicateNone')}</option>
      {rows.map((run) => (
        <option key={run.run_id} value={run.run_id}>
          {run.strategy_id} · {formatDate(run.start_date)} – {formatDate(run.end_date)} ·{' '}
          {formatMinute(run.created_at)}
        </option>
      ))}
    </SelectField>
  )
}
