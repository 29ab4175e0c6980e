import { Link } from '@tanstack/react-router'
import { Menu as MenuIcon, PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/ui/button.tsx'
import { cn } from '../lib/cn.ts'
import { setPreferences, usePreferences } from '../lib/preferences.ts'
import { useMedia } from '../lib/use-media.ts'
import { Brand } from './brand.tsx'
import { NavLink } from './nav-link.tsx'
import { PAGES, PHONE_PAGES } from './navigation.ts'

const NavDrawer = lazy(async () => ({ default: (await import('./nav-drawer.tsx')).NavDrawer }))

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
      <Suspense>{open && <NavDrawer onClose={() => setOpen(false)} />}</Suspense>
    </nav>
  )
}
