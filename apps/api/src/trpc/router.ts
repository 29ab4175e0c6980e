import type { deck, rl, v1 } from '@quantdeck/contracts'

import { apiKeysDeck } from '../features/api-keys/deck.ts'
import { healthV1 } from '../features/health/v1.ts'
import { sessionCookie } from '../features/session/cookie.ts'
import { sessionDeck } from '../features/session/deck.ts'
import { authV1 } from '../features/session/v1.ts'
import type { Implements } from './implement.ts'
import { router } from './init.ts'
import { streamRouter } from './stream.ts'

const v1Tree = { auth: authV1, health: healthV1 } satisfies Partial<Implements<typeof v1>>

const rlTree = {} satisfies Partial<Implements<typeof rl>>

const deckTree = { session: sessionDeck, apiKeys: apiKeysDeck } satisfies Partial<Implements<typeof deck>>

/** Everything the server answers. REST, tRPC and the document are made from this one value. */
export const appRouter = router({
  v1: v1Tree,
  rl: rlTree,
  deck: deckTree,
  stream: streamRouter,
  session: sessionCookie,
})

export type AppRouter = typeof appRouter
