import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { riskColour, type RiskColour } from '../features/risk/risk-state.ts'
import { overviewEn } from '../i18n/en/overview-page.ts'
import { addEnglish, withWords } from '../i18n/index.ts'
import { cn } from '../lib/cn.ts'
import { usePreferences } from '../lib/preferences.ts'
import { Banners } from './banners.tsx'
import { BottomBar, SideNav } from './side-nav.tsx'
import { TopBar } from './top-bar.tsx'
import { useMode, useRisk } from './use-deck-status.ts'
import { useShortcuts } from './use-shortcuts.ts'
import { useStream } from './use-stream.ts'

const Palette = lazy(async () => ({ default: (await withWords(import('./palette.tsx'))).Palette }))
const KillDialog = lazy(async () => ({
  default: (await withWords(import('../features/controls/kill-dialog.tsx'))).KillDialog,
}))
const Notices = lazy(async () => ({ default: (await import('./notices.tsx')).Notices }))
const KeysDialog = lazy(async () => ({ default: (await import('./keys-dialog.tsx')).KeysDialog }))

addEnglish(overviewEn)

/** Everything around a page: navigation, status, banners, shortcuts, streams. */
export function Shell() {
  const { t } = useTranslation()
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [keysOpen, setKeysOpen] = useState(false)
  const [killOpen, setKillOpen] = useState(false)
  // Numbers and dates are formatted outside React: a change of zone, language or privacy renders anew.
  const { zone, language, hideAmounts, numbers, sound, desktop, spoken } = usePreferences()
  const openPalette = useCallback(() => setPaletteOpen(true), [])
  const showKeys = useCallback(() => setKeysOpen(true), [])
  const openKill = useCallback(() => setKillOpen(true), [])
  useShortcuts({ openPalette, showKeys, openKill })
  useStream()
  useFavicon()
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-accent focus:px-4 focus:py-2 focus:text-accent-ink"
      >
        {t('app.skip')}
      </a>
      <SideNav />
      <div className="flex min-w-0 flex-1 flex-col">
        <ModeFrame />
        <TopBar onOpenPalette={openPalette} onShowKeys={showKeys} />
        <Banners />
        <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-3 py-4 outline-none sm:px-6 sm:py-5">
          <Outlet key={`${zone}|${language}|${hideAmounts}|${numbers}`} />
        </main>
        <Footer />
      </div>
      <BottomBar />
      <Suspense>
        {paletteOpen && (
          <Palette open onOpenChange={setPaletteOpen} onShowKeys={showKeys} onKill={openKill} />
        )}
        {killOpen && <KillDialog onClose={() => setKillOpen(false)} />}
        {(sound || desktop || spoken) && <Notices />}
        {keysOpen && <KeysDialog open onOpenChange={setKeysOpen} />}
      </Suspense>
    </div>
  )
}

/** The colour over every page: paper amber, live red. */
function ModeFrame() {
  const mode = useMode()
  const colour = mode === undefined ? 'bg-line' : mode === 'LIVE' ? 'bg-live' : 'bg-paper'
  return <div aria-hidden className={cn('h-0.75 shrink-0', colour)} />
}

function Footer() {
  const { t } = useTranslation()
  return (
    <footer className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 pt-2 pb-20 text-xs text-muted sm:px-6 md:pb-4">
      <span>{t('app.name')}</span>
      <a
        href="https://www.tradingview.com/"
        target="_blank"
        rel="noreferrer"
        className="underline-offset-2 hover:text-ink hover:underline"
      >
        {t('app.attribution')}
      </a>
    </footer>
  )
}

const FAVICON: Record<RiskColour, string> = {
  green: '/favicon.svg',
  yellow: '/favicon-watch.svg',
  orange: '/favicon-watch.svg',
  red: '/favicon-stop.svg',
}

/** The tab shows the risk colour while another tab is in front. */
function useFavicon(): void {
  const risk = useRisk()
  const colour = risk.data ? riskColour(risk.data) : 'green'
  useEffect(() => {
    document.querySelector('#favicon')?.setAttribute('href', FAVICON[colour])
  }, [colour])
}
