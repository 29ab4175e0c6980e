import type { Check } from '../check.ts'
import { r01TradingState } from './r01-trading-state.ts'
import { r02Permission } from './r02-permission.ts'
import { r03SymbolRestricted } from './r03-symbol-restricted.ts'
import { r04Instrument } from './r04-instrument.ts'
import { r05MaxOrderQuantity } from './r05-max-order-quantity.ts'
import { r06MaxOrderNotional } from './r06-max-order-notional.ts'
import { r07PriceCollar } from './r07-price-collar.ts'
import { r08FreeBalance } from './r08-free-balance.ts'
import { r09MaxPosition } from './r09-max-position.ts'
import { r10GrossExposure } from './r10-gross-exposure.ts'
import { r11StrategyAllocation } from './r11-strategy-allocation.ts'
import { r12OpenPositions } from './r12-open-positions.ts'
import { r13MessageRate } from './r13-message-rate.ts'
import { r14WindowNotional } from './r14-window-notional.ts'
import { r15DuplicateOrder } from './r15-duplicate-order.ts'
import { r16ExecutionThrottle } from './r16-execution-throttle.ts'
import { r17ActiveOrders } from './r17-active-orders.ts'
import { r18StaleMarketData } from './r18-stale-market-data.ts'
import { r19MarketClosed } from './r19-market-closed.ts'
import { r20ReduceOnly } from './r20-reduce-only.ts'
import { r21Shape } from './r21-shape.ts'
import { r22SelfTrade } from './r22-self-trade.ts'
import { r23SignalExpired } from './r23-signal-expired.ts'
import { r24Confidence } from './r24-confidence.ts'
import { r25ModelUnhealthy } from './r25-model-unhealthy.ts'
import { r26DailyBlocks } from './r26-daily-blocks.ts'

/** Every rule, in the documented order: the first violation is the headline. */
export const CHECKS: readonly Check[] = [
  r01TradingState,
  r02Permission,
  r03SymbolRestricted,
  r04Instrument,
  r05MaxOrderQuantity,
  r06MaxOrderNotional,
  r07PriceCollar,
  r08FreeBalance,
  r09MaxPosition,
  r10GrossExposure,
  r11StrategyAllocation,
  r12OpenPositions,
  r13MessageRate,
  r14WindowNotional,
  r15DuplicateOrder,
  r16ExecutionThrottle,
  r17ActiveOrders,
  r18StaleMarketData,
  r19MarketClosed,
  r20ReduceOnly,
  r21Shape,
  r22SelfTrade,
  r23SignalExpired,
  r24Confidence,
  r25ModelUnhealthy,
  r26DailyBlocks,
]
