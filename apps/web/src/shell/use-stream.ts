import { useState } from 'react'
import { noteConnection, receiveMessage } from '../lib/feed.ts'
import { queryClient, trpc } from '../lib/trpc.ts'

/** At most one round of refetches in this time, however many events arrive. */
const REFRESH_EVERY_MS = 2_000
let refreshTimer: ReturnType<typeof setTimeout> | undefined

function refreshSoon(): void {
  refreshTimer ??= setTimeout(() => {
    refreshTimer = undefined
    void queryClient.invalidateQueries({ refetchType: 'active' })
  }, REFRESH_EVERY_MS)
}

/** Both streams of the deck, for as long as the shell is on screen. */
export function useStream(): void {
  const [enabled] = useState(true)
  trpc.stream.signals.useSubscription(undefined, {
    enabled,
    onData: (event) => receiveMessage(event.data),
    onConnectionStateChange: (connection) => noteConnection(connection.state === 'pending'),
  })
  trpc.stream.events.useSubscription(undefined, { enabled, onData: refreshSoon })
}
