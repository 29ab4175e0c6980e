import { Link } from '@tanstack/react-router'
import { Menu as MenuIcon, PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/ui/button.tsx'
import { Sheet } from '../components/ui/dialog.tsx'
import { Tip } from '../components/ui/tip.tsx'
import { cn } from '../lib/cn.ts'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { useMedia } from '../lib/use-media.ts'
import { Brand } from './brand.tsx'
import { PAGES, PHONE_PAGES, type PageEntry } from './navigation.ts'
import { useUnacknowledged } from './use-deck-status.ts'

export function SideNav() {
  const { t } = useTranslation()
  const { navCollapsed } = usePreferences()
  const wide = useMedia('(min-width: 1280px)')
  const compact = navCollapsed || !wide
  return (
    <nav
      aria-label={t('nav.main')}
      className={cn(
        'sticky top-0 hidden h-dvh shrink-0 flex-col border-r bg-surface md:flex',
        compact ? 'w-15' : 'w-54',
      )}
    >
      <div className="flex h-14 items-center px-4">
        <Brand compact={compact} />
      </div>
      <ul className="flex-1 space-y-0.5 overflow-y-auto px-2.5 py-2">
        {PAGES.map((page) => (
          <li key={page.name}>
            <NavLink page={page} compact={compact} />
          </li>
        ))}
      </ul>
      <div className="space-y-2 border-t p-2.5">
        {!compact && (
          <a href="/docs" className="block rounded px-2 text-xs text-muted hover:text-ink">
            {t('app.docs')}
          </a>
        )}
        {wide && (
          <Button
            variant="ghost"
            size="icon"
            aria-label={compact ? t('nav.expand') : t('nav.collapse')}
            onClick={() => setPreferences({ navCollapsed: !navCollapsed })}
          >
            {compact ? (
              <PanelLeftOpen aria-hidden className="size-4" />
            ) : (
              <PanelLeftClose aria-hidden className="size-4" />
            )}
          </Button>
        )}
      </div>
    </nav>
  )
}

interface NavLinkProps {
  page: PageEntry
  compact?: boolean
  onNavigate?: () => void
}

function NavLink({ page, compact = false, onNavigate }: NavLinkProps) {
  const { t } = useTranslation()
  const Icon = page.icon
  const label = t(`nav.${page.name}`)
  const link = (
    <Link
      to={page.to}
      activeOptions={{ exact: page.to === '/', includeSearch: false }}
      aria-label={compact ? label : undefined}
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
      {count > 99 ? '99+' : count}
      <span className="sr-only"> {t('bar.alerts', { count })}</span>
    </span>
  )
}

/** Under 768 px: four pages within the thumb's reach, the rest in a drawer. */
export function BottomBar() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <nav
      aria-label={t('nav.main')}
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="grid grid-cols-5">
        {PHONE_PAGES.map((page) => (
          <li key={page.name}>
            <Link
              to={page.to}
              activeOptions={{ exact: page.to === '/', includeSearch: false }}
              className="flex h-14 flex-col items-center justify-center gap-1 text-[0.6875rem] text-muted data-[status=active]:font-medium data-[status=active]:text-accent"
            >
              <page.icon aria-hidden className="size-5" />
              {t(`nav.${page.name}`)}
            </Link>
          </li>
        ))}
        <li>
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(true)}
            className="flex h-14 w-full flex-col items-center justify-center gap-1 text-[0.6875rem] text-muted"
          >
            <MenuIcon aria-hidden className="size-5" />
            {t('nav.more')}
          </button>
        </li>
      </ul>
      <Sheet open={open} onOpenChange={setOpen} title={t('app.name')} side="left">
        <ul className="space-y-1">
          {PAGES.map((page) => (
            <li key={page.name}>
              <NavLink page={page} onNavigate={() => setOpen(false)} />
            </li>
          ))}
        </ul>
        <a href="/docs" className="mt-6 px-2.5 text-sm text-muted">
          {t('app.docs')}
        </a>
      </Sheet>
    </nav>
  )
}
