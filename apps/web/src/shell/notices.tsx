import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFeed, type FeedState } from '../lib/feed.ts'
import { formatFraction } from '../lib/format.ts'
import { usePreferences } from '../lib/preferences.ts'
import type { StreamMessage } from '../lib/stream-message.ts'
import { chime } from '../lib/chime.ts'

type SignalMessage = Extract<StreamMessage, { type: 'signal' }>

/** One sound or message for all signals of this time; spoken words have an interval of their own. */
const GATHER_MS = 3_000
const SPEAK_EVERY_MS = 15_000

/** Tells of new signals to those who asked for it: by a sound, by the desktop, by words for a screen reader. */
export function Notices() {
  const { t } = useTranslation()
  const { sound, desktop, spoken } = usePreferences()
  const news = useNewSignals()
  const [words, setWords] = useState('')
  const waiting = useRef<{ count: number; latest: SignalMessage | null }>({ count: 0, latest: null })
  const [told, spokenAt] = [useRef(0), useRef(0)]
  useEffect(() => {
    const [latest] = news
    if (latest === undefined) return
    waiting.current = { count: waiting.current.count + news.length, latest }
    const now = Date.now()
    if (now - told.current >= GATHER_MS) {
      told.current = now
      if (sound) chime()
      if (desktop && document.hidden) notify(t('signals.one'), textOf(latest))
    }
    if (spoken && now - spokenAt.current >= SPEAK_EVERY_MS) {
      spokenAt.current = now
      setWords(t('signals.spoken', { count: waiting.current.count, latest: textOf(latest) }))
      waiting.current = { count: 0, latest: null }
    }
  }, [news, sound, desktop, spoken, t])
  return (
    <p aria-live="polite" className="sr-only">
      {spoken ? words : ''}
    </p>
  )
}

function textOf({ data }: SignalMessage): string {
  return `${data.strategy_code} ${data.signal} ${formatFraction(data.confidence, 0)}`
}

function notify(title: string, body: string): void {
  if (Notification.permission !== 'granted') return
  const message = new Notification(title, { body, tag: 'quantdeck-signal' })
  message.addEventListener('click', () => window.focus())
}

const NONE: readonly SignalMessage[] = []

/** The signals that arrived since the last look, newest first; what was there at the start is not new. */
function useNewSignals(): readonly SignalMessage[] {
  const { log } = useFeed()
  const seen = useRef(log[0]?.key)
  const [news, setNews] = useState(NONE)
  useEffect(() => {
    const found = since(log, seen.current)
    seen.current = log[0]?.key
    if (found.length > 0) setNews(found)
  }, [log])
  return news
}

function since(log: FeedState['log'], key: string | undefined): readonly SignalMessage[] {
  const end = log.findIndex((entry) => entry.key === key)
  return log
    .slice(0, end === -1 ? log.length : end)
    .flatMap((entry) => (entry.kind === 'message' && entry.message.type === 'signal' ? [entry.message] : []))
}
