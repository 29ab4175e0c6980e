import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { DataTable, pagingOf, type Column } from '../../components/data-table.tsx'
import { ModeBadge } from '../../components/mode-badge.tsx'
import { StrategyLink } from '../../components/strategy-link.tsx'
import { Badge, type Tone } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { Dialog } from '../../components/ui/dialog.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { problemText, toProblem } from '../../lib/errors.ts'
import { DASH, formatCountdown, formatDuration, formatMinute } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { useUser } from '../../lib/session.ts'
import { copyText, toastError } from '../../lib/toast.ts'
import { trpc } from '../../lib/trpc.ts'
import { ApprovalEvidence } from './approval-evidence.tsx'
import { useTransitionBlocked } from './control-rules.ts'
import { RevokeApproval } from './revoke-approval.tsx'

type Row = Outputs['deck']['approvals']['list']['data'][number]
type Granted = Outputs['deck']['approvals']['approve']['data']

const TONE: Record<Row['status'], Tone> = {
  REQUESTED: 'watch',
  APPROVED: 'ok',
  USED: 'neutral',
  EXPIRED: 'neutral',
  REVOKED: 'bad',
}

export function ApprovalsCard() {
  const { t } = useTranslation()
  const [granted, setGranted] = useState<Granted | null>(null)
  const [page, setPage] = useState(1)
  const approvals = trpc.deck.approvals.list.useQuery(
    { page, per_page: 10 },
    { refetchInterval: 5_000, placeholderData: (previous) => previous, retry: false },
  )
  const columns = useColumns(setGranted)
  return (
    <Card title={t('controls.approvals')} description={t('controls.approvalsText')}>
      <DataBlock
        query={approvals}
        isEmpty={({ data }) => data.length === 0}
        empty={{ title: t('controls.noApprovals') }}
      >
        {({ data, meta }) => (
          <DataTable
            label={t('controls.approvals')}
            rows={data}
            rowKey={(row) => row.approval_id}
            columns={columns}
            detail={(row) => <ApprovalEvidence row={row} />}
            paging={pagingOf(meta, setPage)}
          />
        )}
      </DataBlock>
      {granted && <Code granted={granted} onClose={() => setGranted(null)} />}
    </Card>
  )
}

function useColumns(onGranted: (granted: Granted) => void): Column<Row>[] {
  const { t } = useTranslation()
  return [
    { id: 'strategy', header: t('field.strategy'), cell: (row) => <StrategyLink id={row.strategy_id} /> },
    {
      id: 'modes',
      header: t('field.mode'),
      wide: true,
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5">
          <ModeBadge mode={row.from_mode} /> → <ModeBadge mode={row.to_mode} />
        </span>
      ),
    },
    {
      id: 'reason',
      header: t('controls.reason'),
      wide: true,
      cell: (row) => (
        <span translate="no" className="break-words">
          {row.reason}
        </span>
      ),
    },
    {
      id: 'by',
      header: t('controls.requestedBy'),
      cell: (row) => (
        <>
          {row.requested_by}
          <span className="num block text-xs text-muted">{formatMinute(row.requested_at)}</span>
        </>
      ),
    },
    { id: 'status', header: t('field.status'), cell: (row) => <Status row={row} /> },
    {
      id: 'approve',
      header: t('table.actions'),
      wide: true,
      cell: (row) =>
        isOpen(row) && (
          <span className="flex flex-wrap gap-2">
            <Approve row={row} onGranted={onGranted} />
            <RevokeApproval
              approvalId={row.approval_id}
              description={t('controls.revokeText')}
              done={t('controls.revoked')}
            />
          </span>
        ),
    },
  ]
}

/** Something can still become of it. */
function isOpen({ status }: Row): boolean {
  return status === 'REQUESTED' || status === 'APPROVED'
}

/** A request waits for a day, a code for minutes. */
function timeLeft(seconds: number): string {
  return seconds < 3600 ? formatCountdown(seconds) : formatDuration(seconds)
}

function Status({ row }: { row: Row }) {
  const { t } = useTranslation()
  const now = useNow()
  const left = (new Date(row.expires_at).getTime() - now) / 1000
  const open = isOpen(row)
  const who = row.status === 'REVOKED' ? (row.revoked_by ?? t('controls.wrongCodes')) : row.approved_by
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-1.5">
      <Badge tone={TONE[row.status]}>{t(`approvalStatus.${row.status}`)}</Badge>
      {open && left > 0 && <span className="num text-xs text-muted">{timeLeft(left)}</span>}
      {who !== null && <span className="min-w-0 text-xs break-words text-muted">{who}</span>}
    </span>
  )
}

function Approve({ row, onGranted }: { row: Row; onGranted: (granted: Granted) => void }) {
  const { t } = useTranslation()
  const me = useUser()
  const utils = trpc.useUtils()
  const blocked = useTransitionBlocked()
  const approve = trpc.deck.approvals.approve.useMutation({
    onSuccess({ data }) {
      onGranted(data)
      void utils.deck.approvals.invalidate()
    },
    onError(error) {
      const problem = toProblem(error)
      toastError(problemText(problem, t), { description: problem.message })
    },
  })
  if (row.status !== 'REQUESTED') return null
  const reason = blocked ?? (row.requested_by === me?.email ? t('controls.ownRequest') : null)
  return (
    <Button
      size="sm"
      pending={approve.isPending}
      disabled={reason !== null}
      title={reason ?? undefined}
      onClick={() => approve.mutate({ approval_id: row.approval_id })}
    >
      {t('controls.approve')}
    </Button>
  )
}

/** The code is answered once: it is given to the requester by another way than this page. */
function Code({ granted, onClose }: { granted: Granted; onClose: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const left = (new Date(granted.expires_at).getTime() - now) / 1000
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('controls.codeTitle')}
      description={t('controls.codeText')}
    >
      <p className="num rounded-lg bg-raised p-4 text-center text-xl font-semibold break-all">
        {granted.approval_code ?? DASH}
      </p>
      <p className="mt-2 text-center text-xs text-muted">
        {t('controls.codeExpires', { time: formatCountdown(left) })}
      </p>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={() => void copyText(granted.approval_code ?? '', t('state.copied'))}>
          <Copy aria-hidden className="size-4" /> {t('action.copy')}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t('controls.codeDone')}
        </Button>
      </div>
    </Dialog>
  )
}
