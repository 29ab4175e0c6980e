import { v1 } from '@quantdeck/contracts'
import { implement, type Implements } from '../../trpc/implement.ts'
import { activateKillSwitch } from './operations-kill-switch.ts'
import { transitionMode } from './operations-mode-transition.ts'
import { releaseKillSwitch } from './operations-release.ts'
import { presentKillSwitch, presentTransition } from './present-v1.ts'

const LEVELS = { halt: 'HALTED', reduce: 'REDUCING' } as const

export const controlsV1 = {
  killSwitch: implement(v1.controls.killSwitch, async ({ deps, actor, input, idempotencyId }) => {
    const { action, strategy_id: strategyId, symbol, reason } = input
    if (action === 'deactivate') {
      const release = { strategyId, symbol, reason }
      return presentKillSwitch(await releaseKillSwitch(deps, actor, release, idempotencyId), action)
    }
    const outcome = await activateKillSwitch(deps, actor, {
      strategyId,
      symbol,
      reason,
      level: LEVELS[input.level ?? 'halt'],
      onActivate: input.on_activate ?? 'cancel_all',
    })
    return presentKillSwitch(outcome, action)
  }),
  modeTransition: implement(v1.controls.modeTransition, async ({ deps, actor, input }) => {
    const strategy = await transitionMode(deps, actor, {
      strategyId: input.strategy_id,
      fromMode: input.from_mode,
      toMode: input.to_mode,
      approvalCode: input.approval_code ?? null,
    })
    return presentTransition(strategy)
  }),
} satisfies Implements<typeof v1.controls>
