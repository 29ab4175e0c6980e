import { createHash } from 'node:crypto'
import { canonicalJson } from '@quantdeck/db'
import type { Strategy } from '@quantdeck/domain'

/** Of everything that decides how a strategy trades: an approval is bound to it. */
export function configHash(strategy: Strategy): string {
  const { config, universe, maxPositions, allocatedCapital } = strategy
  const facts = { config, universe, maxPositions, allocatedCapital: allocatedCapital.toFixed() }
  return createHash('sha256').update(canonicalJson(facts)).digest('hex')
}
