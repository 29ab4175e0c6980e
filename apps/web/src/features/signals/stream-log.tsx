import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp, Pause, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/data-block.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { getFeed, useFeed, type LogEntry } from '../../lib/feed.ts'
import { formatFraction, formatPrice, formatTime } from '../../lib/format.ts'

const ROW_HEIGHT = 40
const LOG_HEIGHT = 448

/** The stream as it comes, newest on top; it can be held still without losing a message. */
export function StreamLog() {
  const { t } = useTranslation()
  const feed = useFeed()
  const [heartbeats, setHeartbeats] = useState(false)
  const [held, setHeld] = useState<readonly LogEntry[] | null>(null)
  usePauseKey(() => setHeld((current) => (current ? null : getFeed().log)))
  const wanted = (entry: LogEntry) =>
    heartbeats || entry.kind === 'reconnected' || entry.message.type !== 'heartbeat'
  const live = feed.log.filter(wanted)
  const shown = held ? held.filter(wanted) : live
  const waiting = live.length - shown.length
  const actions = (
    <div className="flex flex-wrap items-center gap-2">
      <label className="flex items-center gap-1.5 text-xs text-muted">
        <input
          type="checkbox"
          checked={heartbeats}
          onChange={(event) => setHeartbeats(event.target.checked)}
          className="size-3.5 accent-accent"
        />
        {t('signals.heartbeats')}
      </label>
      <Button size="sm" aria-pressed={held !== null} onClick={() => setHeld(held ? null : feed.log)}>
        {held ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
        {held ? t('action.resume') : t('action.pause')}
      </Button>
    </div>
  )
  return (
    <Card title={t('signals.log')} description={t('signals.logHint')} actions={actions}>
      {held && waiting > 0 && (
        <Button size="sm" variant="primary" className="mb-2 w-full" onClick={() => setHeld(null)}>
          <ArrowUp aria-hidden className="size-3.5" /> {t('signals.waiting', { count: waiting })}
        </Button>
      )}
      {shown.length === 0 ? (
        <EmptyState title={t('signals.logEmpty')} text={t('signals.logEmptyText')} />
      ) : (
        <LogRows rows={shown} onLeaveTop={() => setHeld((current) => current ?? getFeed().log)} />
      )}
    </Card>
  )
}

function usePauseKey(toggle: () => void): void {
  const latest = useRef(toggle)
  latest.current = toggle
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key !== 'p' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

/** Scrolling down holds the log, or the row under the eye would move away. */
function LogRows({ rows, onLeaveTop }: { rows: readonly LogEntry[]; onLeaveTop: () => void }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  })
  return (
    <div
      ref={frame}
      role="log"
      aria-label={t('signals.log')}
      aria-live="off"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="scroll-thin overflow-y-auto"
      style={{ height: Math.min(LOG_HEIGHT, rows.length * ROW_HEIGHT) }}
      onScroll={(event) => {
        if (event.currentTarget.scrollTop > ROW_HEIGHT) onLeaveTop()
      }}
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const entry = rows[item.index]
          return (
            entry && (
              <div
                key={item.key}
                className="absolute inset-x-0 flex items-center gap-3 border-b text-xs"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                <span className="num shrink-0 text-muted">{formatTime(entry.at)}</span>
                <EntryText entry={entry} />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

function EntryText({ entry }: { entry: LogEntry }) {
  const { t } = useTranslation()
  if (entry.kind === 'reconnected') {
    return <span className="font-medium text-warn-ink">{t('signals.gap', { count: entry.recovered })}</span>
  }
  const { message } = entry
  switch (message.type) {
    case 'heartbeat':
      return (
        <span className="text-muted">
          {t('signals.heartbeat', { count: message.data.connected_clients })}
        </span>
      )
    case 'market_status':
      return <span>{t('signals.marketStatus', { status: t(`market.${message.data.status}`) })}</span>
    case 'signal':
      return (
        <>
          <SignalBadge signal={message.data.signal} />
          <span className="shrink-0 font-medium">{message.data.strategy_code}</span>
          <span className="num shrink-0 text-muted max-sm:hidden">
            {message.data.symbol} {formatPrice(message.data.price)}
          </span>
          <span className="num shrink-0">{formatFraction(message.data.confidence, 0)}</span>
          <span translate="no" className="min-w-0 truncate text-muted" title={message.data.reasoning}>
            {message.data.reasoning}
          </span>
        </>
      )
  }
}
