import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SendForm } from '../../components/send-form.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { cn } from '../../lib/cn.ts'
import { formatInteger } from '../../lib/format.ts'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { gridSize } from '../studies/axes.ts'
import { StudyFields } from '../studies/study-fields.tsx'
import { newStudy, studyBody } from '../studies/study-form.ts'

const MOST_SETS = 2_000
const THREE_YEARS = 3 * 365

export function NewSweep({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('sweeps.new')}
      description={t('sweeps.newText')}
    >
      <SweepFields />
    </Sheet>
  )
}

function SweepFields() {
  const { t } = useTranslation()
  const [form, setForm] = useState(() => newStudy(serverNow(), THREE_YEARS))
  const [tried, setTried] = useState(false)
  const create = useCreate()
  const sets = gridSize(form.axes)
  const isTooLarge = sets > MOST_SETS
  const size = t('sweeps.size', { count: sets, most: formatInteger(MOST_SETS) })
  return (
    <SendForm
      sending={create}
      submitLabel={t('sweeps.start')}
      blocked={isTooLarge ? size : undefined}
      onSubmit={() => {
        setTried(true)
        const body = studyBody(form)
        if (body) create.mutate(body)
      }}
    >
      <StudyFields form={form} isTried={tried} onChange={setForm} />
      <p className={cn('text-sm', isTooLarge ? 'font-medium text-bad-ink' : 'text-muted')}>{size}</p>
    </SendForm>
  )
}

function useCreate() {
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  return trpc.deck.sweeps.create.useMutation({
    onSuccess({ data }) {
      void utils.deck.sweeps.invalidate()
      void navigate({ to: '/sweeps/$sweepId', params: { sweepId: data.sweep_id } })
    },
  })
}
