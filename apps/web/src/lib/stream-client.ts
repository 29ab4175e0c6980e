import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import type { AppRouter } from './app-router.ts'
import { noteConnection, noteEvent, receiveMessage } from './feed.ts'
import { getAccessToken } from './session.ts'
import { toStreamMessage } from './stream-message.ts'
import { transformer } from './transformer.ts'

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

/** The last sequence seen: a new connection goes on from there, so that no message is missed or repeated. */
let lastSequence: number | undefined

function socketUrl(): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/trpc`
}

export interface StreamHandlers {
  /** Something happened that pages may show. */
  onEvent: () => void
  /** The server ended the stream; it does not come back by itself. */
  onEnd: () => void
}

/** Opens both streams on a connection of their own, with the token of this moment. @returns how to close it */
export function openStream({ onEvent, onEnd }: StreamHandlers): () => void {
  const socket = createWSClient({
    url: socketUrl,
    // The first message carries the token: a URL would end up in logs.
    connectionParams: () => ({ token: getAccessToken() ?? '' }),
    keepAlive: { enabled: true, intervalMs: 20_000, pongTimeoutMs: 8_000 },
    // Short enough that a server that comes back is heard within seconds; one page asks little.
    retryDelayMs: (attempt) => Math.min(4_000, 500 * 2 ** attempt),
  })
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer })] })
  const signals = client.stream.signals.subscribe(
    lastSequence === undefined ? undefined : { since: lastSequence },
    {
      onData({ data }) {
        lastSequence = data.sequence
        receiveMessage(toStreamMessage(data))
      },
      onConnectionStateChange: ({ state }) => noteConnection(state === 'pending'),
      onError: onEnd,
    },
  )
  const events = client.stream.events.subscribe(
    { topics: [...TOPICS] },
    {
      onData() {
        noteEvent()
        onEvent()
      },
    },
  )
  return () => {
    signals.unsubscribe()
    events.unsubscribe()
    void socket.close()
  }
}
