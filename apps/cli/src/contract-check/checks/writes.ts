import { type OutputOf, rl, v1 } from '@quantdeck/contracts'
import { type Check, CheckSkip, must, show } from '../check.ts'
import { expectAnswer, expectInvalidField, expectV1Error } from '../expect.ts'
import { ALERTS, firstId, type Row, RUNS, sample, STRATEGIES, textOf } from '../lists.ts'
import { settled, type Target } from '../target.ts'
import { detailPath } from './reads.ts'

type KillSwitch = OutputOf<typeof v1.controls.killSwitch>

/** What changes something: only with --allow-writes, and put back where it can be. */
export const WRITE_CHECKS: Check[] = [
  {
    id: 'v1.strategies.update',
    family: 'v1',
    title: 'PATCH /v1/strategies/{strategy_id} answers literally, and merges (the same status again)',
    needs: ['writes'],
    run: patchStrategy,
  },
  {
    id: 'v1.strategies.update-refused',
    family: 'v1',
    title: 'PATCH /v1/strategies/{strategy_id} refuses mode and owner',
    needs: ['writes'],
    run: async (target) => {
      const { data } = await sample(target, STRATEGIES)
      const path = detailPath(v1.strategies.update, await firstId(target, STRATEGIES))
      // Its own mode: where it is taken after all, nothing changes.
      expectInvalidField(await target.call('PATCH', path, { body: { mode: data[0]?.['mode'] } }), 'mode')
      expectInvalidField(await target.call('PATCH', path, { body: { owner: 'contract-check' } }), 'owner')
    },
  },
  {
    id: 'v1.alerts.acknowledge',
    family: 'v1',
    title: 'PATCH /v1/alerts/{alert_id}/acknowledge answers literally, without body and type, and repeats',
    needs: ['writes'],
    run: acknowledge,
  },
  {
    id: 'v1.controls.killSwitch',
    family: 'v1',
    title: 'POST /v1/controls/kill-switch activates for a strategy and releases it again',
    needs: ['writes'],
    run: switchOnAndOff,
  },
  {
    id: 'v1.controls.modeTransition',
    family: 'v1',
    title: 'POST /v1/controls/mode-transition moves an idle strategy from BACKTEST to PAPER and back',
    needs: ['writes'],
    run: moveAndBack,
  },
  {
    id: 'v1.controls.approval',
    family: 'v1',
    title: 'PAPER to LIVE: 400 without an approval code, 403 with a wrong one, 409 with a stale from_mode',
    needs: ['writes'],
    run: refuseTransitions,
  },
  {
    id: 'v1.runs.create',
    family: 'v1',
    title: "POST /v1/runs is 202 with the document's words, and its run is there afterwards",
    needs: ['writes'],
    run: startRun,
  },
]

async function patchStrategy(target: Target): Promise<void> {
  const [row] = (await sample(target, STRATEGIES)).data
  if (row === undefined) throw new CheckSkip('the server has no strategies')
  const path = detailPath(v1.strategies.update, String(row['strategy_id']))
  const answer = await target.call('PATCH', path, { body: { status: row['status'], config: {} } })
  const { message, data } = expectAnswer(answer, v1.strategies.update)
  must(message === 'Strategy updated successfully', 'message "Strategy updated successfully"', show(message))
  must(
    data.strategy_id === row['strategy_id'],
    `strategy_id ${show(row['strategy_id'])}`,
    show(data.strategy_id),
  )
  must(data.status === row['status'], `status ${show(row['status'])}`, show(data.status))
}

async function acknowledge(target: Target): Promise<void> {
  const id = await firstId(target, ALERTS, (row) => row['acknowledged'] === true)
  const path = detailPath(v1.alerts.acknowledge, id)
  const first = expectAnswer(await target.call('PATCH', path), v1.alerts.acknowledge)
  must(first.message === 'Alert acknowledged', 'message "Alert acknowledged"', show(first.message))
  must(first.data.alert_id === id, `alert_id ${show(id)}`, show(first.data.alert_id))
  must(first.data.acknowledged, 'acknowledged true', 'false')
  const again = expectAnswer(await target.call('PATCH', path), v1.alerts.acknowledge)
  const { acknowledged_at: at } = first.data
  must(again.data.acknowledged_at === at, `acknowledged_at ${at} again`, show(again.data.acknowledged_at))
}

async function switchOnAndOff(target: Target): Promise<void> {
  const id = await firstId(
    target,
    STRATEGIES,
    (row) => row['status'] === 'inactive' || row['mode'] === 'BACKTEST',
  )
  await assertReleased(target, id)
  const toggle = async (action: string): Promise<KillSwitch> => {
    const body = { action, strategy_id: id, reason: 'contract-check' }
    return expectAnswer(
      await target.call('POST', v1.controls.killSwitch.meta.path, { body }),
      v1.controls.killSwitch,
    )
  }
  let released: KillSwitch
  try {
    const { message, data } = await toggle('activate')
    must(
      message === `Kill switch activated for ${id}`,
      `message "Kill switch activated for ${id}"`,
      show(message),
    )
    must(data.kill_switch_active, 'kill_switch_active true', 'false')
    must(
      show(data.affected_strategies) === show([id]),
      `affected_strategies ["${id}"]`,
      show(data.affected_strategies),
    )
    must(data.activated_at !== null, 'activated_at as an instant', 'null')
  } finally {
    released = await toggle('deactivate')
  }
  must(!released.data.kill_switch_active, 'kill_switch_active false after deactivate', 'true')
}

/** Somebody's own switch stays as it is: releasing it would not be ours to do. */
async function assertReleased(target: Target, id: string): Promise<void> {
  const answer = await target.call('GET', `/api/risk/status?strategy_code=${encodeURIComponent(id)}`)
  const { kill_switch_active: isActive } = expectAnswer(answer, rl.risk.status)
  if (isActive) throw new CheckSkip(`the kill switch of ${id} is on already`)
}

async function moveAndBack(target: Target): Promise<void> {
  const isIdle = (row: Row) => row['mode'] === 'BACKTEST' && row['status'] === 'inactive'
  const row = (await sample(target, STRATEGIES)).data.find(isIdle)
  if (row === undefined) throw new CheckSkip('the server has no inactive strategy in BACKTEST')
  const id = String(row['strategy_id'])
  for (const [from_mode, to_mode] of [
    ['BACKTEST', 'PAPER'],
    ['PAPER', 'BACKTEST'],
  ]) {
    const body = { strategy_id: id, from_mode, to_mode }
    const answer = await target.call('POST', v1.controls.modeTransition.meta.path, { body })
    const { message, data } = expectAnswer(answer, v1.controls.modeTransition)
    const words = `Strategy transitioned to ${to_mode} mode`
    must(message === words, `message ${show(words)}`, show(message))
    must(data.strategy_id === id && data.mode === to_mode, `${id} in ${to_mode}`, show(data))
  }
}

/** Refused in any case: the code is wrong or the mode is. */
async function refuseTransitions(target: Target): Promise<void> {
  const { data } = await sample(target, STRATEGIES)
  const row = data.find(({ mode }) => mode === 'PAPER')
  if (row === undefined) throw new CheckSkip('the server has no strategy in PAPER')
  const { path } = v1.controls.modeTransition.meta
  const ask = (more: object) =>
    target.call('POST', path, { body: { strategy_id: row['strategy_id'], to_mode: 'LIVE', ...more } })
  expectInvalidField(await ask({ from_mode: 'PAPER' }), 'approval_code')
  expectV1Error(await ask({ from_mode: 'PAPER', approval_code: 'WRONG1' }), 403, 'FORBIDDEN')
  expectV1Error(await ask({ from_mode: 'BACKTEST', approval_code: 'WRONG1' }), 409, 'CONFLICT')
}

async function startRun(target: Target): Promise<void> {
  const body = await runRequest(target)
  const answer = await target.call('POST', v1.runs.create.meta.path, { body })
  const { message, data } = expectAnswer(answer, v1.runs.create)
  must(message === 'Backtest started', 'message "Backtest started"', show(message))
  must(data.status === 'RUNNING', 'status "RUNNING"', show(data.status))
  const path = detailPath(v1.runs.get, data.run_id)
  const detail = expectAnswer(await target.call('GET', path), v1.runs.get).data
  must(detail.run_id === data.run_id, `run_id ${show(data.run_id)}`, show(detail.run_id))
  must(
    detail.strategy_id === body.strategy_id,
    `strategy_id ${show(body.strategy_id)}`,
    show(detail.strategy_id),
  )
  await settled(async () => {
    const list = await target.call('GET', '/v1/runs?run_type=BACKTEST')
    const rows = expectAnswer(list, v1.runs.list).data
    const found = rows.some(({ run_id }) => run_id === data.run_id)
    must(found, `run ${data.run_id} among the newest of /v1/runs`, `${rows.length} other runs`)
  })
}

/** What an earlier backtest could be run with, else the document's own example for the first strategy. */
async function runRequest(target: Target) {
  const { data } = await sample(target, RUNS)
  const earlier = data.find((row) => row['run_type'] === 'BACKTEST' && row['status'] === 'COMPLETED')
  return {
    strategy_id: textOf(earlier, 'strategy_id') || (await firstId(target, STRATEGIES)),
    start_date: textOf(earlier, 'start_date') || '2024-01-01',
    end_date: textOf(earlier, 'end_date') || '2025-12-31',
    initial_capital: '100000.00',
  }
}
