import { Decimal, type Strategy } from '@quantdeck/domain'

/** An active strategy in PAPER, with what matters to the test put over it. */
export function strategyOf(strategyId: string, change: Partial<Strategy> = {}): Strategy {
  const at = new Date('2026-01-07T12:00:00Z')
  return {
    strategyId,
    name: strategyId,
    description: '',
    status: 'active',
    mode: 'PAPER',
    ownerId: null,
    isPublic: false,
    universe: ['SPX'],
    maxPositions: 10,
    allocatedCapital: new Decimal(10_000),
    config: {},
    version: 1,
    createdAt: at,
    updatedAt: at,
    updatedBy: null,
    ...change,
  }
}
