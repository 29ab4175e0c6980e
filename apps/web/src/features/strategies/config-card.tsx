import { Pencil } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import type { Outputs } from '../../lib/app-router.ts'
import { useOffline } from '../../lib/feed.ts'
import { useUser } from '../../lib/session.ts'
import { ConfigList } from './config-list.tsx'

const ConfigEditor = lazy(async () => ({ default: (await import('./config-editor.tsx')).ConfigEditor }))

export type StrategyDetail = Outputs['v1']['strategies']['get']['data']

export function ConfigCard({ detail }: { detail: StrategyDetail }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const blocked = useEditBlocked(detail)
  return (
    <Card
      title={t('strategies.config')}
      description={t('strategies.version', { version: detail.version })}
      actions={
        <Button
          size="sm"
          disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={() => setEditing(true)}
        >
          <Pencil aria-hidden className="size-3.5" /> {t('strategies.edit')}
        </Button>
      }
    >
      <ConfigList config={detail.config} />
      <Suspense>{editing && <ConfigEditor detail={detail} onClose={() => setEditing(false)} />}</Suspense>
    </Card>
  )
}

/** Read-only with a reason: its owner and admins change a strategy. */
export function useEditBlocked(detail: Pick<StrategyDetail, 'owner_id'>): string | null {
  const { t } = useTranslation()
  const offline = useOffline()
  const user = useUser()
  if (offline) return t('strategies.offlineBlocks')
  if (user?.role === 'admin' || (user?.role === 'trader' && user.userId === detail.owner_id)) return null
  return t('strategies.roleBlocks')
}
