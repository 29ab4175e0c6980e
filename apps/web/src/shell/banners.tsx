import { OctagonX, WifiOff, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '../lib/cn.ts'
import { useFeed } from '../lib/feed.ts'
import { formatDateTime } from '../lib/format.ts'
import { queryClient } from '../lib/trpc.ts'
import { useDemo } from './use-demo.ts'
import { useKillSwitch, useRisk } from './use-deck-status.ts'

/** In the order of importance, one line each. */
export function Banners() {
  const { t } = useTranslation()
  return (
    <aside aria-label={t('banner.label')}>
      <KillBanner />
      <OfflineBanner />
      <DemoStrip />
    </aside>
  )
}

function Line({ className, role, children }: { className: string; role?: string; children: ReactNode }) {
  return (
    <div
      role={role}
      className={cn('flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm sm:px-6', className)}
    >
      {children}
    </div>
  )
}

function KillBanner() {
  const { t } = useTranslation()
  const risk = useRisk()
  const switches = useKillSwitch()
  const active = (switches.data?.data.scopes ?? []).filter((entry) => entry.level !== 'ACTIVE')
  if (active.length === 0 && risk.data?.kill_switch_active !== true) return null
  const [worst] = active.toSorted((a, b) => Number(b.scope === 'global') - Number(a.scope === 'global'))
  return (
    <Line role="alert" className="bg-bad-solid text-white">
      <OctagonX aria-hidden className="size-4 shrink-0" />
      <strong className="font-semibold">{t('banner.kill')}</strong>
      {worst && (
        <>
          <span>
            {t('banner.killScope', { scope: active.map((entry) => scopeName(entry.scope)).join(', ') })}
          </span>
          {worst.reason && <span className="min-w-0 break-words">“{worst.reason}”</span>}
          <span className="min-w-0 break-words tabular-nums">
            {worst.activated_by}{' '}
            {worst.activated_at && t('banner.killSince', { time: formatDateTime(worst.activated_at) })}
          </span>
        </>
      )}
      <span>{worst?.level === 'REDUCING' ? t('banner.killEffectReducing') : t('banner.killEffect')}</span>
    </Line>
  )
  function scopeName(scope: string): string {
    return scope === 'global' ? t('banner.global') : scope.replace(/^\w+:/, '')
  }
}

function OfflineBanner() {
  const { t } = useTranslation()
  const { failingSince } = useFeed()
  if (failingSince === null) return null
  return (
    <Line role="status" className="bg-warn-soft text-warn-ink">
      <WifiOff aria-hidden className="size-4 shrink-0" />
      {t('banner.offline')}
      <button
        type="button"
        className="font-semibold underline"
        onClick={() => void queryClient.refetchQueries()}
      >
        {t('banner.retry')}
      </button>
    </Line>
  )
}

function DemoStrip() {
  const { t } = useTranslation()
  const demo = useDemo()
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(HIDE_KEY) !== null)
  if (!demo || hidden) return null
  const hide = () => {
    sessionStorage.setItem(HIDE_KEY, '1')
    setHidden(true)
  }
  return (
    <div className="hatched border-b">
      <div className="flex items-center gap-2 px-4 py-1.5 text-xs sm:px-6">
        <p className="min-w-0 flex-1">
          <strong className="font-semibold text-paper">{t('app.demo')}</strong>: {t('app.demoText')}
        </p>
        <button
          type="button"
          aria-label={t('app.demoHide')}
          onClick={hide}
          className="p-1 text-muted hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      </div>
    </div>
  )
}

const HIDE_KEY = 'quantdeck.demo-strip-hidden'
