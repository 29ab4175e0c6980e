import { OctagonX, ShieldCheck } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataBlock } from '../../components/data-block.tsx'
import { Badge } from '../../components/ui/badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { formatDateTime } from '../../lib/format.ts'
import { useUser } from '../../lib/session.ts'
import { useKillSwitch } from '../../shell/use-deck-status.ts'
import { useKillBlocked } from './control-rules.ts'
import { RearmButton } from './rearm-button.tsx'
import { ReleaseRequests } from './release-requests.tsx'
import { nameOf, titleOf } from './scopes.ts'

const KillDialog = lazy(async () => ({ default: (await import('./kill-dialog.tsx')).KillDialog }))
const ReleaseDialog = lazy(async () => ({ default: (await import('./release-dialog.tsx')).ReleaseDialog }))
const FlattenDialog = lazy(async () => ({ default: (await import('./flatten-dialog.tsx')).FlattenDialog }))

type Scope = Outputs['deck']['killSwitch']['status']['data']['scopes'][number]

export function KillSwitchCard() {
  const { t } = useTranslation()
  const [stopping, setStopping] = useState(false)
  const [releasing, setReleasing] = useState<Scope | null>(null)
  const [flattening, setFlattening] = useState<string | null>(null)
  const status = useKillSwitch()
  const blocked = useKillBlocked()
  return (
    <Card
      title={t('controls.kill')}
      description={t('controls.killText')}
      actions={
        <Button
          variant="danger"
          disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={() => setStopping(true)}
        >
          <OctagonX aria-hidden className="size-4" /> {t('controls.stop')}
        </Button>
      }
    >
      <DataBlock query={status}>
        {({ data }) => {
          const stopped = data.scopes.filter((scope) => scope.level !== 'ACTIVE')
          return stopped.length === 0 ? (
            <p className="flex items-center gap-2 text-sm text-ok-ink">
              <ShieldCheck aria-hidden className="size-4" /> {t('controls.nothingStopped')}
            </p>
          ) : (
            <ul className="divide-y">
              {stopped.map((scope) => (
                <StoppedScope
                  key={`${scope.scope}|${scope.cause}`}
                  scope={scope}
                  onRelease={() => setReleasing(scope)}
                  onFlatten={() => setFlattening(scope.scope)}
                />
              ))}
            </ul>
          )
        }}
      </DataBlock>
      <ReleaseRequests />
      <Suspense>
        {stopping && <KillDialog onClose={() => setStopping(false)} />}
        {releasing && <ReleaseDialog scope={releasing} onClose={() => setReleasing(null)} />}
        {flattening !== null && <FlattenDialog scope={flattening} onClose={() => setFlattening(null)} />}
      </Suspense>
    </Card>
  )
}

interface StoppedScopeProps {
  scope: Scope
  onRelease: () => void
  onFlatten: () => void
}

function StoppedScope({ scope, onRelease, onFlatten }: StoppedScopeProps) {
  const { t } = useTranslation()
  const admin = useUser()?.role === 'admin'
  const stopBlocked = useKillBlocked()
  const blocked = stopBlocked ?? (scope.level === 'HALTED' ? null : t('controls.onlyHalted'))
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-2.5 first:pt-0 last:pb-0">
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {titleOf(scope.scope, t)}
          <Badge tone={scope.level === 'HALTED' ? 'bad' : 'warn'}>{t(`tradingState.${scope.level}`)}</Badge>
        </p>
        {scope.reason !== null && <p className="break-words">“{scope.reason}”</p>}
        <p className="text-xs text-muted">
          {scope.activated_by} · {formatDateTime(scope.activated_at)}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {scope.cause === 'execution_throttle' && <RearmButton strategyId={nameOf(scope.scope)} />}
        <Button size="sm" disabled={blocked !== null} title={blocked ?? undefined} onClick={onFlatten}>
          {t('controls.flatten')}
        </Button>
        <Button
          size="sm"
          disabled={!admin}
          title={admin ? undefined : t('controls.adminReleases')}
          onClick={onRelease}
        >
          {t('controls.release')}
        </Button>
      </div>
    </li>
  )
}
