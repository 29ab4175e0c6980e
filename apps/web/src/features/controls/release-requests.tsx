import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { trpc } from '../../lib/trpc.ts'
import { useTransitionBlocked } from './control-rules.ts'
import { RevokeApproval } from './revoke-approval.tsx'
import { titleOf } from './scopes.ts'

const ApproveReleaseDialog = lazy(async () => ({
  default: (await import('./approve-release-dialog.tsx')).ApproveReleaseDialog,
}))

export type Release = Outputs['deck']['killSwitch']['releases']['data'][number]

/** Releases that let a LIVE strategy trade again: what one admin asked for, another one does. */
export function ReleaseRequests() {
  const { t } = useTranslation()
  const isAdmin = useUser()?.role === 'admin'
  const open = trpc.deck.killSwitch.releases.useQuery(
    { status: 'REQUESTED', per_page: 20 },
    { enabled: isAdmin, refetchInterval: 10_000, retry: false },
  )
  const requests = open.data?.data ?? []
  if (requests.length === 0) return null
  return (
    <section aria-label={t('controls.releaseRequests')} className="mt-3 border-t pt-3 text-sm">
      <h3 className="mb-1 text-xs font-medium text-muted">{t('controls.releaseRequests')}</h3>
      <ul className="divide-y">
        {requests.map((release) => (
          <Request key={release.approval_id} release={release} />
        ))}
      </ul>
    </section>
  )
}

function Request({ release }: { release: Release }) {
  const { t } = useTranslation()
  const me = useUser()
  const blocked = useTransitionBlocked()
  const [isApproving, setApproving] = useState(false)
  const reason = blocked ?? (release.requested_by === me?.email ? t('controls.ownRequest') : null)
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-2">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {titleOf(release.scope, t)} <Badge tone="watch">{t('controls.waitsForAdmin')}</Badge>
        </p>
        <p className="break-words" translate="no">
          “{release.reason}”
        </p>
        <p className="text-xs text-muted">
          {release.requested_by} · {formatDateTime(release.requested_at)} ·{' '}
          {t('controls.releaseLive', { strategies: release.live_strategies.join(', ') })}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          disabled={reason !== null}
          title={reason ?? undefined}
          onClick={() => setApproving(true)}
        >
          {t('controls.approve')}…
        </Button>
        <RevokeApproval
          approvalId={release.approval_id}
          description={t('controls.releaseRevokeText')}
          done={t('controls.releaseRevoked')}
        />
      </div>
      <Suspense>
        {isApproving && <ApproveReleaseDialog release={release} onClose={() => setApproving(false)} />}
      </Suspense>
    </li>
  )
}
