import { randomUUID } from 'node:crypto'
import * as rows from '@quantdeck/db'
import { transaction, type Trx } from '@quantdeck/db'
import { AppError, type Mode, notFound, type Strategy, toDecimal, ZERO } from '@quantdeck/domain'
import { type Actor, requirePerson } from '../../auth/actor.ts'
import type { Deps } from '../../deps.ts'
import { alertMessage } from '../../desk/messages.ts'
import { configHash } from '../strategies/config-hash.ts'
import { writeChange } from '../strategies/operations.ts'
import { spend } from '../approvals/machine.ts'
import { assertFromMode, audit, needsApproval } from '../approvals/operations.ts'

export interface TransitionInput {
  strategyId: string
  fromMode: Mode
  toMode: Mode
  approvalCode: string | null
}

/** What a transaction found out; a refusal is written down (a wrong try counts) before it is thrown. */
type Decision = { strategy: Strategy } | { refusal: AppError }

/**
 * Moves a strategy to another mode. To LIVE only with the code of another admin; never while it holds anything.
 * @throws AppError VALIDATION_ERROR without a code, FORBIDDEN with a wrong, used or expired one, CONFLICT when the
 * strategy is in another mode, holds positions or orders, or its configuration changed after the approval
 */
export async function transitionMode(deps: Deps, actor: Actor, input: TransitionInput): Promise<Strategy> {
  requirePerson(actor, 'admin')
  assertInput(input)
  if (input.toMode === 'LIVE') await assertDurable(deps)
  const at = deps.clock.now()
  const decision = await transaction(deps.db, async (trx): Promise<Decision> => {
    // The accounts' locks first: no order is submitted between the look at the books and the change.
    await rows.bumpAllAccountVersions(trx)
    const before = await rows.lockStrategy(trx, input.strategyId)
    if (before === null) throw notFound('Strategy')
    assertFromMode(before, input.fromMode)
    const refusal = needsApproval(input.toMode) ? await spendCode(trx, actor, { before, input, at }) : null
    if (refusal !== null) return { refusal }
    await assertFlat(trx, before)
    if (input.toMode === 'LIVE' && deps.env.broker === 'simulated') {
      // The simulated broker reports the configured capital once somebody trades LIVE on it.
      await rows.fundEmptyAccount(trx, 'LIVE', toDecimal(deps.env.initialCapital))
    }
    await assertFits(trx, before, input.toMode)
    const strategy = moved(before, input.toMode, { at, by: actor.label })
    const action = 'strategy.mode_transition'
    await writeChange(trx, actor, { before, after: strategy, action, reason: null })
    await announce(trx, actor, before, strategy)
    return { strategy }
  })
  if ('refusal' in decision) throw decision.refusal
  return decision.strategy
}

function assertInput({ fromMode, toMode, approvalCode }: TransitionInput): void {
  const refuse = (field: string, message: string) => {
    throw new AppError('VALIDATION_ERROR', 'Invalid request parameters', { details: [{ field, message }] })
  }
  if (fromMode === toMode) refuse('to_mode', 'Must differ from from_mode')
  if (needsApproval(toMode) && approvalCode === null) {
    refuse('approval_code', 'LIVE needs the approval code of another admin')
  }
}

/** The embedded database does not fsync: a power failure could forget what a real broker remembers. */
async function assertDurable({ db, env }: Deps): Promise<void> {
  if (env.broker === 'simulated') return
  if (env.alpacaAccount !== 'LIVE') {
    throw new AppError(
      'CONFLICT',
      'LIVE needs the keys of a live account: those of ALPACA_KEY_ID are of a paper account',
    )
  }
  const { rows: found } = await db.executeSql('show fsync')
  if (db.kind === 'postgres' && found[0]?.['fsync'] === 'on') return
  throw new AppError(
    'CONFLICT',
    `LIVE with the broker ${env.broker} needs Postgres with fsync on (DATABASE_URL)`,
  )
}

interface Spending {
  before: Strategy
  input: TransitionInput
  at: Date
}

/**
 * Uses the code up, or counts the wrong try against every approval it could have been meant for.
 * @returns why not, or null when the code was right and is used now
 */
async function spendCode(trx: Trx, actor: Actor, { before, input, at }: Spending): Promise<AppError | null> {
  const approved = await rows.lockApprovedFor(trx, input)
  const spending = spend(approved, { code: input.approvalCode ?? '', at, configHash: configHash(before) })
  for (const { approval, verb, change } of spending.changes) {
    const after = await rows.updateApproval(trx, approval.approvalId, change)
    await audit(trx, actor, { at, verb, before: approval, after })
  }
  if (spending.refusal === null) return null
  return spending.refusal === 'configuration_changed'
    ? new AppError('CONFLICT', 'The configuration was changed after the approval: ask for a new one')
    : new AppError('FORBIDDEN', 'The approval code is wrong, used or expired')
}

async function assertFlat(trx: Trx, { strategyId }: Strategy): Promise<void> {
  const open = await rows.listOpenPositions(trx, { visible: 'all', strategyId })
  const working = [
    ...(await rows.listWorkingOrders(trx, 'PAPER', strategyId)),
    ...(await rows.listWorkingOrders(trx, 'LIVE', strategyId)),
  ]
  if (open.length + working.length === 0) return
  throw new AppError(
    'CONFLICT',
    `${strategyId} has ${open.length} open positions and ${working.length} working orders: close them first`,
  )
}

/** The allocations of a mode's strategies stay within its account. */
async function assertFits(trx: Trx, strategy: Strategy, toMode: Mode): Promise<void> {
  if (toMode === 'BACKTEST') return
  const account = (await rows.listAccounts(trx)).find(({ mode }) => mode === toMode)
  if (account === undefined) throw new AppError('CONFLICT', `There is no ${toMode} account`)
  const others = await rows.listStrategies(trx, { visible: 'all', mode: toMode })
  const allocated = others.reduce((sum, other) => sum.plus(other.allocatedCapital), ZERO)
  if (allocated.plus(strategy.allocatedCapital).lte(account.initialCapital)) return
  const left = account.initialCapital.minus(allocated).toFixed(2)
  throw new AppError(
    'CONFLICT',
    `The ${toMode} account has ${left} USD unallocated, the strategy's allocation is ${strategy.allocatedCapital.toFixed(2)}`,
  )
}

function moved(before: Strategy, mode: Mode, change: { at: Date; by: string }): Strategy {
  return { ...before, mode, version: before.version + 1, updatedAt: change.at, updatedBy: change.by }
}

async function announce(trx: Trx, actor: Actor, before: Strategy, after: Strategy): Promise<void> {
  const { strategyId, updatedAt } = after
  const written = await rows.insertAlerts(trx, [
    {
      alertId: randomUUID(),
      severity: after.mode === 'LIVE' ? 'WARNING' : 'INFO',
      code: 'MODE_TRANSITION',
      message: `${strategyId} moved from ${before.mode} to ${after.mode} by ${actor.label}`,
      context: { strategy_id: strategyId, from_mode: before.mode, to_mode: after.mode },
      strategyId,
      dedupeKey: null,
      acknowledged: false,
      acknowledgedAt: null,
      acknowledgedBy: null,
      createdAt: updatedAt,
    },
  ])
  const messages = written.map((alert) => ({ ...alertMessage(alert), createdAt: updatedAt, push: true }))
  await rows.appendOutbox(trx, messages)
}
