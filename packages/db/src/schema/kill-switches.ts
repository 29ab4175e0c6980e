import type { TradingState } from '@quantdeck/domain'

export interface KillSwitchesTable {
  scope: string
  level: TradingState
  cause: string
  reason: string
  activatedAt: Date | null
  activatedBy: string | null
  deactivatedAt: Date | null
  deactivatedBy: string | null
  updatedAt: Date
}
