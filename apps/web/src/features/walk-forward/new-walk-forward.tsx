import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SendForm } from '../../components/send-form.tsx'
import { Checkbox } from '../../components/ui/checkbox.tsx'
import { Sheet } from '../../components/ui/dialog.tsx'
import { TextField } from '../../components/ui/field.tsx'
import { serverNow } from '../../lib/now.ts'
import { trpc } from '../../lib/trpc.ts'
import { StudyFields } from '../studies/study-fields.tsx'
import { newStudy, studyBody } from '../studies/study-form.ts'
import { countWindows, readDays, type WindowForm } from './windows.ts'

const FIVE_YEARS = 5 * 365

export function NewWalkForward({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('walkForward.new')}
      description={t('walkForward.newText')}
    >
      <Fields />
    </Sheet>
  )
}

function Fields() {
  const { t } = useTranslation()
  const [form, setForm] = useState(() => newStudy(serverNow(), FIVE_YEARS))
  const [typed, setTyped] = useState<WindowForm>({
    inSample: '365',
    outOfSample: '90',
    purge: '0',
    embargo: '0',
  })
  const [anchored, setAnchored] = useState(false)
  const [tried, setTried] = useState(false)
  const create = useCreate()
  const days = readDays(typed)
  const windows = days === null ? 0 : countWindows(form, days)
  return (
    <SendForm
      sending={create}
      submitLabel={t('walkForward.start')}
      onSubmit={() => {
        setTried(true)
        const body = studyBody(form)
        if (body && days) create.mutate({ ...body, ...days, anchored })
      }}
    >
      <StudyFields form={form} isTried={tried} onChange={setForm}>
        <div className="grid grid-cols-2 gap-3">
          {(['inSample', 'outOfSample', 'purge', 'embargo'] as const).map((name) => (
            <DaysField
              key={name}
              label={t(`walkForward.${name}`)}
              value={typed[name]}
              isBad={tried && readDays({ ...GOOD, [name]: typed[name] }) === null}
              onChange={(value) => setTyped({ ...typed, [name]: value })}
            />
          ))}
        </div>
        <Checkbox
          label={t('walkForward.anchored')}
          hint={t('walkForward.anchoredHint')}
          checked={anchored}
          onChange={(event) => setAnchored(event.target.checked)}
        />
      </StudyFields>
      <p className="text-sm text-muted">{t('walkForward.windows', { count: windows })}</p>
    </SendForm>
  )
}

/** Three good values, so that the fourth alone decides. */
const GOOD: WindowForm = { inSample: '1', outOfSample: '1', purge: '0', embargo: '0' }

function useCreate() {
  const navigate = useNavigate()
  const utils = trpc.useUtils()
  return trpc.deck.walkForwards.create.useMutation({
    onSuccess({ data }) {
      void utils.deck.walkForwards.invalidate()
      void navigate({ to: '/walk-forwards/$studyId', params: { studyId: data.walk_forward_id } })
    },
  })
}

interface DaysFieldProps {
  label: string
  value: string
  isBad: boolean
  onChange: (value: string) => void
}

function DaysField({ label, value, isBad, onChange }: DaysFieldProps): ReactNode {
  const { t } = useTranslation()
  return (
    <TextField
      label={label}
      inputMode="numeric"
      value={value}
      error={isBad ? t('walkForward.errDays') : undefined}
      suffix={<span className="pr-2">d</span>}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
