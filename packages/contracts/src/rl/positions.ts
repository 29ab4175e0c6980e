import * as z from 'zod'
import { instant } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { rlReadAccess } from './access.ts'

/** An open position. */
export const rlPosition = z
  .object({
    position_id: z.int(),
    strategy_code: z.string(),
    strategy_name: z.string(),
    side: z.enum(['buy', 'sell']).describe('sell: short'),
    quantity: z.number().min(0).describe('Units, positive for both sides'),
    entry_price: z.number().describe('Quote currency per unit'),
    current_price: z.number().describe('Quote currency per unit'),
    unrealized_pnl: z.number().describe('USD'),
    unrealized_pnl_pct: z.number().describe('Percent'),
    entry_time: instant,
    holding_time_minutes: z.int().min(0).describe('Minutes'),
    symbol: z.string(),
  })
  .meta({ id: 'RlPosition', 'x-added-fields': ['symbol'] })

/** All open positions. */
export const rlPositionsResponse = z
  .object({
    timestamp: instant,
    total_positions: z.int().min(0),
    total_unrealized_pnl: z.number().describe('USD'),
    positions: z.array(rlPosition),
  })
  .meta({ id: 'RlPositionsResponse' })

const list = endpoint(
  {
    method: 'GET',
    path: '/api/positions',
    summary: 'Open positions of every active strategy',
    tags: ['Positions'],
    access: rlReadAccess,
    rateLimit: 'document-read',
    operationId: 'get_open_positions',
  },
  z.object({}),
  rlPositionsResponse,
)

/** Operations under /api/positions. */
export const rlPositions = { list }
