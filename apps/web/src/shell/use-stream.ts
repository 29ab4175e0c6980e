import { useEffect } from 'react'
import { noteConnection, noteEvent, receiveMessage } from '../lib/feed.ts'
import { toStreamMessage } from '../lib/stream-message.ts'
import { queryClient, trpcClient } from '../lib/trpc.ts'

/** At most one round of refetches in this time, however many events arrive. */
const REFRESH_EVERY_MS = 2_000

/** Topics after which figures on any page may have changed. */
const TOPICS = [
  'orders',
  'positions',
  'alerts',
  'equity',
  'runs',
  'kill_switch',
  'risk',
  'strategies',
] as const

let refreshTimer: ReturnType<typeof setTimeout> | undefined

function refreshSoon(): void {
  noteEvent()
  refreshTimer ??= setTimeout(() => {
    refreshTimer = undefined
    void queryClient.invalidateQueries({ refetchType: 'active' })
  }, REFRESH_EVERY_MS)
}

/** Both streams of the deck, for as long as the shell is on screen. They resume by themselves after a break. */
export function useStream(): void {
  useEffect(() => {
    const signals = trpcClient.stream.signals.subscribe(undefined, {
      onData: (event) => receiveMessage(toStreamMessage(event.data)),
      onConnectionStateChange: ({ state }) => noteConnection(state === 'pending'),
      onError: () => noteConnection(false),
    })
    const events = trpcClient.stream.events.subscribe({ topics: [...TOPICS] }, { onData: refreshSoon })
    return () => {
      signals.unsubscribe()
      events.unsubscribe()
    }
  }, [])
}
