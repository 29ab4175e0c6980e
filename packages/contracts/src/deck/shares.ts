import * as z from 'zod'
import { id, idInput, strategyIdInput } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { deckMessageResponse } from './session.ts'

/** With whom a strategy is shared. */
export const deckShare = z
  .object({ strategy_id: id, user_id: id, email: z.string(), name: z.string() })
  .meta({ id: 'DeckShare' })

/** Everybody a strategy is shared with. */
export const deckShareListResponse = z
  .object({ data: z.array(deckShare), meta: z.object({ total_count: z.int().min(0) }) })
  .meta({ id: 'DeckShareListResponse' })

/** One share. */
export const deckShareResponse = z.object({ data: deckShare }).meta({ id: 'DeckShareResponse' })

const options = {
  tags: ['Strategies'],
  access: { role: 'trader', scope: 'admin' },
  errors: [404],
} as const
const path = { strategy_id: strategyIdInput, user_id: idInput }

const list = endpoint(
  {
    ...options,
    method: 'GET',
    path: '/v1/strategies/{strategy_id}/shares',
    summary: 'With whom a strategy is shared',
    description: 'For its owner and admins.',
    rateLimit: 'added-read',
    operationId: 'list_strategy_shares',
  },
  z.object({ strategy_id: strategyIdInput }),
  deckShareListResponse,
)

const get = endpoint(
  {
    ...options,
    method: 'GET',
    path: '/v1/strategies/{strategy_id}/shares/{user_id}',
    summary: 'Is a strategy shared with a user?',
    description: '404 if it is not. For its owner and admins.',
    rateLimit: 'added-read',
    operationId: 'get_strategy_share',
  },
  z.object(path),
  deckShareResponse,
)

const put = endpoint(
  {
    ...options,
    method: 'PUT',
    path: '/v1/strategies/{strategy_id}/shares/{user_id}',
    summary: 'Share a strategy with a user',
    description:
      'The user sees it and all that belongs to it, and cannot change it. Repeating it changes nothing.',
    rateLimit: 'write',
    operationId: 'share_strategy',
  },
  z.strictObject(path),
  deckShareResponse,
)

const remove = endpoint(
  {
    ...options,
    method: 'DELETE',
    path: '/v1/strategies/{strategy_id}/shares/{user_id}',
    summary: 'Stop sharing a strategy with a user',
    description: '404 if it was not shared. For its owner and admins.',
    rateLimit: 'write',
    operationId: 'unshare_strategy',
  },
  z.strictObject(path),
  deckMessageResponse,
)

/** Who else may see a strategy. */
export const deckShares = { list, get, put, remove }
