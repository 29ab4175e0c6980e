import { useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowUp, Pause, Play } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/data-block.tsx'
import { SignalBadge } from '../../components/signal-badge.tsx'
import { Button } from '../../components/ui/button.tsx'
import { Card } from '../../components/ui/card.tsx'
import { getFeed, useFeed, type LogEntry } from '../../lib/feed.ts'
import { formatFraction, formatPrice, formatTime } from '../../lib/format.ts'
import { useKeys } from '../../lib/use-keys.ts'

const ROW_HEIGHT = 40
const LOG_HEIGHT = 448

/** The log as it stood when it was held, and by what: a mouse lets go of it by itself. */
interface Held {
  log: readonly LogEntry[]
  by: 'hand' | 'hover'
}

/** The stream as it comes, newest on top; it can be held still without losing a message. */
export function StreamLog() {
  const { t } = useTranslation()
  const feed = useFeed()
  const { strategy, signal } = useSearch({ from: '/deck/signals' })
  const [heartbeats, setHeartbeats] = useState(false)
  const [held, setHeld] = useState<Held | null>(null)
  const isHeld = held?.by === 'hand'
  const hold = () => setHeld((current) => ({ log: current?.log ?? getFeed().log, by: 'hand' }))
  const toggle = () => (isHeld ? setHeld(null) : hold())
  useKeys({ p: toggle })
  const wanted = (entry: LogEntry) => {
    if (entry.kind === 'reconnected') return true
    const { message } = entry
    if (message.type !== 'signal') return message.type !== 'heartbeat' || heartbeats
    return (
      (strategy === undefined || message.data.strategy_code === strategy) &&
      (signal === undefined || message.data.signal === signal)
    )
  }
  const live = feed.log.filter(wanted)
  const shown = held ? held.log.filter(wanted) : live
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
      <Button size="sm" aria-pressed={isHeld} onClick={toggle}>
        {isHeld ? <Play aria-hidden className="size-3.5" /> : <Pause aria-hidden className="size-3.5" />}
        {isHeld ? t('action.resume') : t('action.pause')}
      </Button>
    </div>
  )
  return (
    <Card title={t('signals.log')} description={t('signals.logHint')} actions={actions}>
      {/* Its place is kept, or the row under the mouse would jump when the first message waits. */}
      {held && (
        <Button
          size="sm"
          variant={waiting > 0 ? 'primary' : 'ghost'}
          className="mb-2 w-full"
          onClick={() => setHeld(null)}
        >
          <ArrowUp aria-hidden className="size-3.5" />
          {waiting > 0 ? t('signals.waiting', { count: waiting }) : t('signals.paused')}
        </Button>
      )}
      {shown.length === 0 ? (
        <EmptyState title={t('signals.logEmpty')} text={t('signals.logEmptyText')} />
      ) : (
        <div
          onPointerEnter={(event) => {
            if (event.pointerType === 'mouse')
              setHeld((current) => current ?? { log: getFeed().log, by: 'hover' })
          }}
          onPointerLeave={() => setHeld((current) => (current?.by === 'hover' ? null : current))}
        >
          <LogRows rows={shown} onLeaveTop={hold} />
        </div>
      )}
    </Card>
  )
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
