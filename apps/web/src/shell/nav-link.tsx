import { Link, useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Tip } from '../components/ui/tip.tsx'
import { cn } from '../lib/cn.ts'
import { isUnder, type PageEntry } from './navigation.ts'
import { useUnacknowledged } from './use-deck-status.ts'

interface NavLinkProps {
  page: PageEntry
  compact?: boolean
  onNavigate?: () => void
}

/** A page of the navigation; compact, its name is in the tooltip. */
export function NavLink({ page, compact = false, onNavigate }: NavLinkProps) {
  const { t } = useTranslation()
  const Icon = page.icon
  const label = t(`nav.${page.name}`)
  const isPartOf = useLocation({ select: ({ pathname }) => isUnder(page.name, pathname) })
  const link = (
    <Link
      to={page.to}
      activeOptions={{ exact: page.to === '/', includeSearch: false }}
      aria-label={compact ? label : undefined}
      // Its own address and those below it the link knows by itself.
      {...(isPartOf ? { 'data-status': 'active', 'aria-current': 'true' } : {})}
      {...(onNavigate ? { onClick: onNavigate } : {})}
      className="relative flex h-9 items-center gap-3 rounded-lg px-2.5 text-sm text-muted transition-colors hover:bg-raised hover:text-ink data-[status=active]:bg-accent-soft data-[status=active]:font-medium data-[status=active]:text-accent"
    >
      <Icon aria-hidden className="size-[1.125rem] shrink-0" />
      {!compact && <span className="flex-1 truncate">{label}</span>}
      {page.name === 'alerts' && <AlertCount compact={compact} />}
    </Link>
  )
  return compact ? <Tip text={label}>{link}</Tip> : link
}

function AlertCount({ compact }: { compact: boolean }) {
  const { t } = useTranslation()
  const count = useUnacknowledged()
  if (count === 0) return null
  return (
    <span
      className={cn(
        'num rounded-full bg-bad-solid px-1.5 text-[0.6875rem] leading-4.5 font-semibold text-white',
        compact && 'absolute top-0 right-0',
      )}
    >
      <span aria-hidden>{count > 99 ? '99+' : count}</span>
      <span className="sr-only"> {t('bar.alerts', { count })}</span>
    </span>
  )
}
