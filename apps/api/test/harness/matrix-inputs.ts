import {
  deleteAlertRule,
  insertAlertRule,
  listAlertRules,
  type AlertRule,
  upsertFlattenPart,
} from '@quantdeck/db'
import { sampleAlertRule } from '@quantdeck/db/testing'
import { ensureDefined } from '@quantdeck/domain'
import { randomUUID } from 'node:crypto'

import type { Input } from './matrix-doors.ts'
import { PASSWORD } from '../harness.ts'
import type { MatrixWorld, Principal } from './matrix-world.ts'
import { runOf, sweepOf, walkForwardOf } from './results.ts'
import { seedDelivery, seedWebhook } from './webhooks.ts'

export type MakeInput = (world: MatrixWorld, principal: Principal) => Input | Promise<Input>

const login: MakeInput = () => ({ email: 'matrix-extra@example.com', password: PASSWORD })
const nothing: MakeInput = () => ({})
const ofStrategy: MakeInput = ({ strategyId }) => ({ strategy_id: strategyId })
const ofRun: MakeInput = ({ runId }) => ({ run_id: runId })
const ofSweep: MakeInput = ({ sweepId }) => ({ sweep_id: sweepId })
const ofWalkForward: MakeInput = ({ walkForwardId }) => ({ walk_forward_id: walkForwardId })
const ofOrder: MakeInput = ({ orderId }) => ({ order_id: orderId })
const order: MakeInput = ({ strategyId }) => ({
  strategy_id: strategyId,
  symbol: 'MSFT',
  side: 'BUY',
  quantity: '1',
  order_type: 'MARKET',
})
const share: MakeInput = ({ strategyId, extraUserId }) => ({ strategy_id: strategyId, user_id: extraUserId })

const ofWebhook: MakeInput = async ({ api }) => ({ webhook_id: await seedWebhook(api) })
const ofDelivery: MakeInput = async ({ api }) => {
  const webhookId = await seedWebhook(api)
  return { webhook_id: webhookId, delivery_id: await seedDelivery(api, webhookId) }
}
/** A rule of the strategy, made anew. */
const ofRule: MakeInput = async ({ api, strategyId }) => {
  const { kysely } = api.deps.db
  const old = (await listAlertRules(kysely)).find((rule: AlertRule) => rule.strategyId === strategyId)
  if (old !== undefined) await deleteAlertRule(kysely, old.ruleId)
  await insertAlertRule(kysely, sampleAlertRule({ strategyId }))
  const made = (await listAlertRules(kysely)).find((rule) => rule.strategyId === strategyId)
  return { rule_id: ensureDefined(made, 'the rule').ruleId }
}

/**
 * Valid input of each operation, about the owner's strategy and what belongs to it, so that only who asks decides.
 * `operation:variant` is a further row of an operation.
 */
export const INPUTS: Readonly<Record<string, MakeInput>> = {
  login,
  update_strategy: ({ strategyId }) => ({ strategy_id: strategyId, name: 'Owned' }),
  get_strategy: ofStrategy,
  get_position: ({ positionId }) => ({ position_id: positionId }),
  get_run: ofRun,
  get_run_report: ofRun,
  get_run_trades_csv: ofRun,
  get_run_equity_csv: ofRun,
  cancel_run: ofRun,
  get_run_trades_json: ofRun,
  get_run_equity_json: ofRun,
  get_run_statistics: ofRun,
  get_run_monte_carlo: ofRun,
  compare_runs: ({ runId, otherRunId }) => ({ ids: `${runId},${otherRunId}` }),
  backtest_limits: ({ strategyId, runId }) => ({
    strategy_id: strategyId,
    run_id: runId,
    limits: { max_trades_per_day: 1 },
  }),
  create_sweep: ({ strategyId }) => sweepOf(strategyId),
  get_sweep: ofSweep,
  cancel_sweep: ofSweep,
  promote_sweep_cell: ({ sweepId }) => ({ sweep_id: sweepId, index: 0 }),
  create_walk_forward: ({ strategyId }) => walkForwardOf(strategyId),
  get_walk_forward: ofWalkForward,
  cancel_walk_forward: ofWalkForward,
  create_run: ({ strategyId }) => runOf(strategyId),
  acknowledge_alert: ({ alertId }) => ({ alert_id: alertId }),
  set_kill_switch: ({ strategyId }) => ({ action: 'activate', strategy_id: strategyId, reason: 'matrix' }),
  'set_kill_switch:deactivate': ({ strategyId }) => ({
    action: 'deactivate',
    strategy_id: strategyId,
    reason: 'matrix',
  }),
  // No symbol is halted: it answers 409, and the positions of the other rows stay.
  flatten_positions: () => ({ symbol: 'MSFT', confirm: 'MSFT', reason: 'matrix' }),
  get_flatten: async ({ api }) => {
    const flattenId = randomUUID()
    await upsertFlattenPart(api.deps.db.kysely, {
      ...{ flattenId, mode: 'PAPER', scope: 'global', reason: 'matrix', startedBy: 'matrix' },
      ...{ startedAt: new Date(), positions: [] },
    })
    return { flatten_id: flattenId }
  },
  transition_mode: ({ strategyId }) => ({
    strategy_id: strategyId,
    from_mode: 'LIVE',
    to_mode: 'PAPER',
  }),
  get_service_health: () => ({ service_name: 'database' }),
  get_metrics_summary: nothing,
  get_model: ofStrategy,
  preview_risk: ofStrategy,
  post_signals: ({ strategyId }) => ({
    strategy_code: strategyId,
    symbol: 'MSFT',
    signal: 'HOLD',
    confidence: 0.5,
    size: 0,
  }),
  post_inferences: ({ strategyId }) => ({ strategy_code: strategyId, action: 0.5 }),
  set_model_baseline: ({ strategyId }) => ({ strategy_id: strategyId, actions: [0.1, -0.1] }),
  post_bars: () => ({
    symbol: 'MSFT',
    interval_seconds: 86_400,
    bars: [{ opened_at: '2025-12-01', open: '380', high: '381', low: '379', close: '380', volume: '1' }],
  }),
  list_bars: () => ({ symbol: 'MSFT', interval_seconds: 86_400 }),
  create_instrument: (world) => ({
    symbol: world.fresh('NEW'),
    contract_type: 'STOCK',
    calendar: 'NYSE',
    bar_interval_seconds: 86_400,
  }),
  create_order: order,
  preview_order: order,
  get_order: ofOrder,
  get_order_checks: ofOrder,
  cancel_order: ofOrder,
  list_strategy_history: ofStrategy,
  revert_strategy: ({ strategyId }) => ({ strategy_id: strategyId, version: 2, reason: 'matrix' }),
  get_strategy_limits: ofStrategy,
  set_strategy_limits: ({ strategyId }) => ({ strategy_id: strategyId, limits: {}, reason: 'matrix' }),
  rearm_strategy: ({ strategyId }) => ({ strategy_id: strategyId, reason: 'matrix' }),
  set_global_limits: () => ({ limits: {}, reason: 'matrix' }),
  accept_quarantined_bar: async (world) => ({
    quarantine_id: await world.quarantinedBar(),
    reason: 'matrix',
  }),
  drop_quarantined_bar: async (world) => ({ quarantine_id: await world.quarantinedBar(), reason: 'matrix' }),
  create_strategy: (world) => ({
    strategy_id: world.fresh('made'),
    name: 'Made',
    universe: ['MSFT'],
    allocated_capital: '100',
  }),
  change_password: (world, principal) => {
    const current_password = principal.password
    principal.password = world.fresh('a fine long phrase')
    return { current_password, new_password: principal.password }
  },
  confirm_password: (_world, { password }) => ({ password }),
  revoke_session: async (world) => ({ session_id: await world.sessionOf('owner') }),
  revoke_api_key: async (world) => ({ api_key_id: await world.keyOf('owner') }),
  create_api_key: () => ({ name: 'made', scopes: ['read'] }),
  'create_api_key:admin scope': () => ({ name: 'made', scopes: ['admin'] }),
  create_user: (world) => ({
    email: `${world.fresh('made')}@example.com`,
    password: 'seven quiet grey herons',
    role: 'viewer',
  }),
  update_user: (world) => ({ user_id: world.extraUserId, name: world.fresh('Extra') }),
  list_strategy_shares: ofStrategy,
  get_strategy_share: async (world, principal) => {
    await world.setShare(true)
    return share(world, principal)
  },
  share_strategy: share,
  unshare_strategy: async (world, principal) => {
    await world.setShare(true)
    return share(world, principal)
  },
  request_approval: ({ strategyId }) => ({
    strategy_id: strategyId,
    from_mode: 'PAPER',
    to_mode: 'LIVE',
    reason: 'matrix',
  }),
  approve_transition: async (world) => ({ approval_id: await world.approvalOfOther() }),
  revoke_approval: async (world) => ({ approval_id: await world.approvalOfOther(), reason: 'not now' }),
  create_alert_rule: () => ({ kind: 'cooldown' }),
  update_alert_rule: async (world, principal) => ({ ...(await ofRule(world, principal)), repeat_minutes: 5 }),
  delete_alert_rule: ofRule,
  get_webhook: ofWebhook,
  create_webhook: () => ({ name: 'made', url: 'https://hooks.example.com/x', enabled: false }),
  update_webhook: async (world, principal) => ({ ...(await ofWebhook(world, principal)), name: 'renamed' }),
  delete_webhook: ofWebhook,
  rotate_webhook_secret: ofWebhook,
  test_webhook: ofWebhook,
  list_webhook_deliveries: ofWebhook,
  get_webhook_delivery: ofDelivery,
  redeliver_webhook_delivery: ofDelivery,
  'stream.events': () => ({ topics: ['orders'] }),
  'session.login': login,
  'session.loginWithLink': async (world) => ({
    token: await world.api.deps.auth.sessions.createLoginLink(world.extraUserId),
  }),
}

/** These end the session they are called with. */
export const ENDS_SESSION: readonly string[] = ['logout', 'logout_all']
/** These cannot be done twice in one batch with the same effect. */
export const ONCE: readonly string[] = [
  ...ENDS_SESSION,
  'change_password',
  'unshare_strategy',
  'accept_quarantined_bar',
  'drop_quarantined_bar',
  'update_alert_rule',
  'delete_alert_rule',
]
