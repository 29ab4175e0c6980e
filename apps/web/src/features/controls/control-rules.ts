import { useTranslation } from 'react-i18next'
import { useOffline } from '../../lib/feed.ts'
import { useUser } from '../../lib/session.ts'

/** Why somebody may not stop trading; null when they may. */
export function useKillBlocked(): string | null {
  const { t } = useTranslation()
  const offline = useOffline()
  const role = useUser()?.role
  if (offline) return t('strategies.offlineBlocks')
  return role === 'admin' || role === 'risk' ? null : t('controls.riskStops')
}

/** Why somebody may not move a strategy between modes; null when they may. */
export function useTransitionBlocked(): string | null {
  const { t } = useTranslation()
  const offline = useOffline()
  const role = useUser()?.role
  if (offline) return t('strategies.offlineBlocks')
  return role === 'admin' ? null : t('controls.adminMoves')
}
