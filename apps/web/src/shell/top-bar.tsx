import { Link, useNavigate } from '@tanstack/react-router'
import { Bell, CircleUser, Search } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, buttonClass } from '../components/ui/button.tsx'
import { Picker } from '../components/ui/field.tsx'
import { cn } from '../lib/cn.ts'
import { Brand } from './brand.tsx'
import { Clock } from './clock.tsx'
import { FeedPill } from './feed-pill.tsx'
import { RiskPill } from './risk-pill.tsx'
import { LanguageToggle, ThemeToggle } from './toggles.tsx'
import { useMode, useUnacknowledged } from './use-deck-status.ts'

const UserMenu = lazy(async () => ({ default: (await import('./user-menu.tsx')).UserMenu }))

interface TopBarProps {
  onOpenPalette: () => void
  onShowKeys: () => void
}

export function TopBar({ onOpenPalette, onShowKeys }: TopBarProps) {
  const { t } = useTranslation()
  return (
    <header className="sticky top-0 z-20 border-b bg-surface/95 backdrop-blur supports-[backdrop-filter]:bg-surface/85">
      <div className="flex h-14 items-center gap-1.5 px-3 sm:gap-2 sm:px-5">
        <Brand compact className="max-[360px]:hidden md:hidden" />
        <ModePicker />
        <button
          type="button"
          onClick={onOpenPalette}
          title={t('bar.palette')}
          className="hidden h-8 w-44 items-center gap-2 rounded-lg border bg-canvas px-2.5 text-xs text-muted hover:text-ink lg:flex"
        >
          <Search aria-hidden className="size-3.5" />
          <span className="flex-1 truncate text-left">{t('bar.search')}</span>
          <kbd className="rounded border bg-surface px-1 font-sans text-[0.625rem]">Ctrl K</kbd>
        </button>
        <div className="flex-1" />
        <Clock />
        <RiskPill className="max-sm:hidden" />
        <FeedPill />
        <AlertsBell />
        <span className="hidden items-center sm:flex">
          <LanguageToggle />
          <ThemeToggle />
        </span>
        <Account onShowKeys={onShowKeys} />
      </div>
    </header>
  )
}

function ModePicker() {
  const { t } = useTranslation()
  const mode = useMode()
  const navigate = useNavigate()
  return (
    <Picker
      label={t('bar.mode')}
      value={mode}
      allLabel={t('bar.allModes')}
      options={[
        ['PAPER', t('mode.PAPER')],
        ['LIVE', t('mode.LIVE')],
      ]}
      onChange={(next) => void navigate({ to: '.', search: (current) => ({ ...current, mode: next }) })}
      className={cn(
        'max-w-32 min-w-0 font-semibold max-[360px]:max-w-24',
        mode === 'PAPER' && 'border-paper text-paper',
        mode === 'LIVE' && 'border-live text-live',
      )}
    />
  )
}

function AlertsBell() {
  const { t } = useTranslation()
  const count = useUnacknowledged()
  return (
    <Link
      to="/alerts"
      aria-label={t('bar.alerts', { count })}
      className={cn(buttonClass('ghost', 'icon'), 'relative')}
    >
      <Bell aria-hidden className="size-[1.125rem]" />
      {count > 0 && (
        <span
          aria-hidden
          className="num absolute top-0.5 right-0 rounded-full bg-bad-solid px-1 text-[0.625rem] leading-4 font-semibold text-white"
        >
          {count > 99 ? '99+' : count}
        </span>
      )}
    </Link>
  )
}

/** The menu's code comes with its first use. */
function Account({ onShowKeys }: { onShowKeys: () => void }) {
  const { t } = useTranslation()
  const [used, setUsed] = useState(false)
  const button = (
    <Button variant="ghost" size="icon" aria-label={t('bar.account')} onClick={() => setUsed(true)}>
      <CircleUser aria-hidden className="size-5" />
    </Button>
  )
  return used ? (
    <Suspense fallback={button}>
      <UserMenu onShowKeys={onShowKeys} />
    </Suspense>
  ) : (
    button
  )
}
