import { useTranslation } from 'react-i18next'
import { Tip } from '../components/ui/tip.tsx'
import { cn } from '../lib/cn.ts'
import { feedMood, useFeed, type FeedMood } from '../lib/feed.ts'
import { formatDuration } from '../lib/format.ts'
import { useNow } from '../lib/now.ts'

const DOT: Record<FeedMood, string> = {
  connecting: 'bg-muted',
  live: 'bg-up',
  reconnecting: 'bg-yellow-500',
  stale: 'bg-yellow-500',
  polling: 'bg-orange-500',
  offline: 'bg-down',
}

/** How fresh the stream is, renewed each second and never announced. */
export function FeedPill({ className }: { className?: string }) {
  const { t } = useTranslation()
  const feed = useFeed()
  useNow()
  const { mood, ageMs } = feedMood(feed, Date.now())
  const age = formatDuration(ageMs / 1000)
  return (
    <Tip text={mood === 'polling' ? t('feed.hintPolling') : t('feed.hintLive')}>
      <button
        type="button"
        className={cn(
          'num inline-flex h-8 cursor-help items-center gap-2 rounded-full border bg-surface px-2.5 text-xs font-medium',
          className,
        )}
      >
        <span
          aria-hidden
          className={cn('size-2 rounded-full', DOT[mood], mood === 'live' && 'animate-pulse')}
        />
        <span className="sr-only">{t('feed.label')}: </span>
        {t(`feed.${mood}`, { age })}
      </button>
    </Tip>
  )
}
