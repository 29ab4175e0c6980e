import { Decimal } from '@quantdeck/domain'
import type { Costs } from './costs.ts'
import type { Tape } from './money.ts'
import type { Sizing } from './types.ts'

/** Quotients of whole numbers that should be whole may come out a hair below. */
const HAIR = 1e-9

/** The most whole lots that `free` money units pay for, fees included; 0 if not even one. */
export function affordableLots(free: number, tape: Tape, ticks: number, costs: Costs): number {
  const lotValue = tape.lotValue(ticks)
  const binds = tape.lotBinds(ticks)
  if (!(free > 0) || !(binds > 0)) return 0
  const isEnough = (lots: number): boolean => lots * binds + costs.fee(lots * lotValue, lots) <= free
  let lots = Math.floor(free / binds + HAIR)
  if (isEnough(lots)) return lots
  // Linear fees give the count at once; minimum and fixed parts make it a little more or less.
  lots = Math.min(lots, Math.floor(free / (binds + costs.fee(lotValue, 1)) + HAIR) + 1)
  while (lots > 0 && !isEnough(lots)) lots -= 1
  while (isEnough(lots + 1)) lots += 1
  return lots
}

/** Lots of an entry by the rules of `Sizing`, before what the account can pay. Money in units, prices in ticks. */
export function entryLots(
  sizing: Exclude<Sizing, { kind: 'all_in' }>,
  size: number,
  tape: Tape,
  at: { price: number; stop: number; capital: number; equity: number },
): number {
  if (sizing.kind === 'units')
    return new Decimal(sizing.units).div(tape.instrument.lotSize).floor().toNumber()
  const lotValue = tape.lotValue(at.price)
  const distance = at.stop === 0 ? 0 : Math.abs(at.price - at.stop) / at.price
  if (sizing.kind === 'risk') {
    if (distance === 0) return 0
    return Math.floor((sizing.fraction * at.equity) / (distance * lotValue) + HAIR)
  }
  const base = sizing.of === 'equity' ? at.equity : at.capital
  let budget = size * base
  if (sizing.riskPerTrade !== null && distance > 0)
    budget = Math.min(budget, (sizing.riskPerTrade * base) / distance)
  return Math.floor(budget / lotValue + HAIR)
}
