import * as rows from '@quantdeck/db'
import type { KillSwitch, KillSwitchScope } from '@quantdeck/db'
import type { TradingState } from '@quantdeck/domain'
import { latchedTradingState, type RiskState } from '@quantdeck/risk'
import { type Actor, requireRole } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { levelOf, worstState } from './effective-state.ts'

export interface KillSwitchStatus {
  /** Any scope is not ACTIVE. */
  isActive: boolean
  /** Of the global switch. */
  level: TradingState
  /** Switches that people set, then the latches of the risk engine: a scope can be held by both. */
  stopped: KillSwitch[]
  at: Date
}

/** Seen by everybody who may log in. */
export async function killSwitchStatus(deps: Deps, actor: Actor): Promise<KillSwitchStatus> {
  requireRole(actor, 'viewer')
  const switches = await rows.listKillSwitches(deps.db.kysely)
  const stopped = [...switches.filter(({ level }) => level !== 'ACTIVE'), ...latched(deps, switches)]
  for (const { mode } of await rows.listAccounts(deps.db.kysely)) {
    const latched = await deps.desk.read(mode, (books) => [
      ...latchOf('global', books.risk),
      ...[...books.strategies.values()].flatMap(({ strategy, risk }) =>
        latchOf(`strategy:${strategy.strategyId}`, risk),
      ),
    ])
    stopped.push(...latched)
  }
  return {
    isActive: stopped.length > 0,
    level: levelOf([...switches, ...stopped], 'global'),
    stopped,
    at: deps.clock.now(),
  }
}

/** What the latch holds and the database has not got yet. */
function latched({ latch }: Deps, switches: readonly KillSwitch[]): KillSwitch[] {
  return latch
    .entries()
    .filter(({ scope, level }) => worstState([levelOf(switches, scope), level]) !== levelOf(switches, scope))
    .map(({ scope, level, cause, reason, activatedAt, by }) => ({
      ...{ scope, level, cause, reason, activatedAt, activatedBy: by.label },
      ...{ deactivatedAt: null, deactivatedBy: null, updatedAt: activatedAt },
    }))
}

const LATCHES = [
  ['drawdownTrippedAt', 'drawdown', 'The drawdown reached its limit'],
  ['collarTrippedAt', 'price_collar', 'Prices too far from the market, too often'],
  ['throttleTrippedAt', 'execution_throttle', 'The execution throttle waits for a person to re-arm it'],
  ['reconciliationTrippedAt', 'reconciliation', 'Orders or positions differ from the broker'],
] as const

function latchOf(scope: KillSwitchScope, state: RiskState): KillSwitch[] {
  const level = latchedTradingState(state)
  if (level === 'ACTIVE') return []
  return LATCHES.flatMap(([latch, cause, reason]) => {
    const at = state[latch]
    if (at === null) return []
    const activatedAt = new Date(at)
    return [
      {
        scope,
        level,
        cause,
        reason,
        activatedAt,
        activatedBy: 'risk engine',
        deactivatedAt: null,
        deactivatedBy: null,
        updatedAt: activatedAt,
      },
    ]
  })
}
