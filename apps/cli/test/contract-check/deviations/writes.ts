import { answerOf, statusIs, type Deviation } from './deviation.ts'

/** Operations that change something. */
export const writes: readonly Deviation[] = [
  {
    name: '200 instead of 202',
    caughtBy: 'v1.runs.create',
    after: answerOf('create_run', (exchange) => (exchange.status = 200)),
  },
  {
    name: 'a started run in other words',
    caughtBy: 'v1.runs.create',
    after: answerOf('create_run', ({ body }) => (body.message = 'Run started')),
  },
  {
    name: 'a started run that nobody finds',
    caughtBy: 'v1.runs.create',
    after: answerOf('create_run', ({ body }) => (body.data.run_id = '30000000-0000-4000-8000-00000000dead')),
  },
  {
    name: 'an update in other words',
    caughtBy: 'v1.strategies.update',
    after: answerOf('update_strategy', ({ body }) => (body.message = 'ok')),
  },
  {
    name: 'a mode that can be patched',
    caughtBy: 'v1.strategies.update-refused',
    before: (request) => {
      if (request.method === 'PATCH') request.text = request.text.replace(/"mode":"[A-Z]+"/, '')
    },
  },
  {
    name: 'an acknowledgement that needs a body',
    caughtBy: 'v1.alerts.acknowledge',
    after: answerOf('acknowledge_alert', (exchange) => {
      if (exchange.request.text === '') exchange.status = 415
    }),
  },
  {
    name: 'an acknowledgement that moves its time',
    caughtBy: 'v1.alerts.acknowledge',
    after: answerOf(
      'acknowledge_alert',
      ({ body }) => (body.data.acknowledged_at = new Date().toISOString()),
    ),
  },
  {
    name: 'a kill switch that stays on',
    caughtBy: 'v1.controls.killSwitch',
    after: answerOf('set_kill_switch', ({ body }) => (body.data.kill_switch_active = true)),
  },
  {
    name: 'a kill switch that names another strategy',
    caughtBy: 'v1.controls.killSwitch',
    after: answerOf('set_kill_switch', ({ body }) => (body.data.affected_strategies = [])),
  },
  {
    name: 'a transition in other words',
    caughtBy: 'v1.controls.modeTransition',
    after: answerOf('transition_mode', ({ body }) => (body.message = 'done')),
  },
  {
    name: 'a wrong approval code is a bad request',
    caughtBy: 'v1.controls.approval',
    after: statusIs(403, (exchange) => (exchange.status = 400)),
  },
]
