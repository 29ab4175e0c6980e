import { useEffect, useState } from 'react'
import { getFeed, LOST_AFTER_MS, noteConnection } from '../lib/feed.ts'
import { renewSession, useSession } from '../lib/session.ts'
import type { StreamHandlers } from '../lib/stream-client.ts'
import { queryClient } from '../lib/trpc.ts'

/** At most one round of refetches in this time, however many events arrive. */
const REFRESH_EVERY_MS = 2_000
/** Events of one action arrive together: the first waits for the others. */
const GATHER_MS = 100
const REOPEN_AFTER_MS = 3_000
const WATCH_EVERY_MS = 5_000

let refreshTimer: ReturnType<typeof setTimeout> | undefined
let refreshedAt = Number.NEGATIVE_INFINITY

/** The first event after a quiet time is shown at once, later ones at the end of their interval. */
function refreshSoon(): void {
  const waitMs = Math.max(GATHER_MS, refreshedAt + REFRESH_EVERY_MS - performance.now())
  refreshTimer ??= setTimeout(() => {
    refreshTimer = undefined
    refreshedAt = performance.now()
    void queryClient.invalidateQueries({ refetchType: 'active' })
  }, waitMs)
}

/** A socket that answers pings but brings nothing, not even heartbeats, only looks alive. */
function isSilent(): boolean {
  const { connected, lastMessageAt } = getFeed()
  return connected && lastMessageAt !== null && Date.now() - lastMessageAt > LOST_AFTER_MS
}

/** The streams' client is not needed to show a page: its code comes after it. @returns how to close what was opened */
function openLater(handlers: StreamHandlers): () => void {
  let close: (() => void) | undefined
  let isClosed = false
  import('../lib/stream-client.ts')
    .then(({ openStream }) => {
      if (!isClosed) close = openStream(handlers)
    })
    .catch(handlers.onEnd)
  return () => {
    isClosed = true
    close?.()
  }
}

/** Both streams of the deck, for as long as the shell is on screen; opened anew with each new token. */
export function useStream(): void {
  const session = useSession()
  const token = session.status === 'ready' ? session.expiresAt : null
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (token === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = () => setAttempt((current) => current + 1)
    const close = openLater({
      onEvent: refreshSoon,
      onEnd() {
        noteConnection(false)
        timer = setTimeout(() => void renewSession().then(again), REOPEN_AFTER_MS)
      },
    })
    const watchdog = setInterval(() => {
      if (!isSilent()) return
      noteConnection(false)
      again()
    }, WATCH_EVERY_MS)
    return () => {
      clearTimeout(timer)
      clearInterval(watchdog)
      close()
    }
  }, [token, attempt])
}
