import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ReasonField, TypedNameField } from '../../components/confirm-fields.tsx'
import { DataBlock } from '../../components/data-block.tsx'
import { DialogForm } from '../../components/form-dialog.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { Badge, type Tone } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import { Skeleton } from '../../components/ui/skeleton.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatQuantity, formatUsd, toNumber } from '../../lib/format.ts'
import { trpc } from '../../lib/trpc.ts'
import { nameOf, subjectOf, titleOf } from './scopes.ts'

type Flatten = Outputs['deck']['killSwitch']['flattenProgress']['data']

interface FlattenDialogProps {
  /** `global`, `strategy:<id>` or `symbol:<symbol>`. */
  scope: string
  onClose: () => void
}

/** Closing what is held is a step of its own: the scope typed by hand, a reason, and then how far it is. */
export function FlattenDialog({ scope, onClose }: FlattenDialogProps) {
  const { t } = useTranslation()
  const [flattenId, setFlattenId] = useState<string | null>(null)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('controls.flattenTitle', { scope: titleOf(scope, t) })}
      description={t('controls.flattenText')}
    >
      {flattenId === null ? (
        <FlattenForm scope={scope} onClose={onClose} onStarted={setFlattenId} />
      ) : (
        <Progress flattenId={flattenId} onClose={onClose} />
      )}
    </Dialog>
  )
}

interface FlattenFormProps extends FlattenDialogProps {
  onStarted: (flattenId: string) => void
}

function FlattenForm({ scope, onClose, onStarted }: FlattenFormProps) {
  const { t } = useTranslation()
  const name = nameOf(scope)
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const utils = trpc.useUtils()
  const flatten = trpc.deck.killSwitch.flatten.useMutation({
    onSuccess({ data }) {
      onStarted(data.flatten_id)
      void utils.invalidate()
    },
  })
  return (
    <DialogForm
      submitLabel={t('controls.flattenStart')}
      danger
      sending={flatten}
      isReady={typed === name && reason.trim() !== ''}
      onSubmit={() => flatten.mutate({ confirm: typed, reason: reason.trim(), ...subjectOf(scope) })}
      onClose={onClose}
    >
      <Holdings scope={scope} />
      <TypedNameField name={name} value={typed} onChange={setTyped} />
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  )
}

/** Exactly what is closed, with its count and value, before anything is typed. */
function Holdings({ scope }: { scope: string }) {
  const { t } = useTranslation()
  const held = trpc.v1.positions.list.useQuery({ ...subjectOf(scope), per_page: 100 })
  return (
    <DataBlock query={held} skeleton={<Skeleton className="h-16" />}>
      {({ data, meta }) => (
        <div className="rounded-lg bg-raised px-3 py-2 text-sm">
          <p className="font-medium">
            {t('controls.flattenHolds', {
              count: meta.total_count,
              value: formatUsd(data.reduce((sum, row) => sum + Math.abs(toNumber(row.market_value) ?? 0), 0)),
            })}
          </p>
          <ul aria-label={t('positions.title')} className="mt-1 max-h-48 space-y-1 overflow-y-auto">
            {data.map((row) => (
              <li key={row.position_id} className="flex flex-wrap items-center gap-x-2">
                <ModeBadge mode={row.mode} />
                <span className="font-medium">{row.symbol}</span>
                <span className="num">{formatQuantity(row.quantity)}</span>
                <span className="min-w-0 break-words text-muted">{row.strategy_id}</span>
                <span className="num ml-auto">{formatUsd(row.market_value)}</span>
              </li>
            ))}
          </ul>
          {meta.total_count > data.length && (
            <p className="text-muted">
              {t('controls.flattenMore', { count: meta.total_count - data.length })}
            </p>
          )}
        </div>
      )}
    </DataBlock>
  )
}

function Progress({ flattenId, onClose }: { flattenId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const utils = trpc.useUtils()
  const progress = trpc.deck.killSwitch.flattenProgress.useQuery(
    { flatten_id: flattenId },
    { refetchInterval: ({ state }) => (state.data?.data.status === 'RUNNING' ? 1_000 : false) },
  )
  const isOver = progress.data !== undefined && progress.data.data.status !== 'RUNNING'
  useEffect(() => {
    if (isOver) void utils.v1.positions.invalidate()
  }, [isOver, utils])
  return (
    <div className="space-y-4">
      <DataBlock query={progress}>{({ data }) => <Positions flatten={data} />}</DataBlock>
      <div className="flex justify-end">
        <Button onClick={onClose}>{t('action.close')}</Button>
      </div>
    </div>
  )
}

const TONE: Record<Flatten['positions'][number]['status'], Tone> = {
  CLOSED: 'ok',
  WORKING: 'info',
  FAILED: 'bad',
}

function Positions({ flatten }: { flatten: Flatten }) {
  const { t } = useTranslation()
  const { total, closed, positions, status } = flatten
  if (total === 0) return <p className="text-sm">{t('controls.flattenNothing')}</p>
  return (
    <div className="space-y-2 text-sm">
      <p role="status" className="font-medium">
        {t('controls.flattenClosed', { closed, total })} {t(`controls.flattenStatus.${status}`)}
      </p>
      <progress
        className="h-1.5 w-full accent-accent"
        aria-label={t('controls.flattenClosed', { closed, total })}
        value={closed}
        max={total}
      />
      <ul className="divide-y">
        {positions.map((one) => (
          <li key={`${one.mode}|${one.strategy_id}|${one.symbol}`} className="py-1.5">
            <ModeBadge mode={one.mode} /> <span className="font-medium">{one.symbol}</span>{' '}
            <Badge tone={TONE[one.status]}>{t(`controls.flattened.${one.status}`)}</Badge>{' '}
            <span className="text-muted">
              {one.strategy_id} ·{' '}
              {t('controls.flattenLeft', {
                left: formatQuantity(one.remaining),
                quantity: formatQuantity(one.quantity),
              })}
            </span>
            {one.reason !== null && <span className="block text-xs text-muted">{one.reason}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
