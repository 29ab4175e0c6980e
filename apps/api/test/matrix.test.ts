import { randomUUID } from 'node:crypto'
import { isEndpoint, type Endpoint } from '@quantdeck/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { appRouter } from '../src/trpc/router.ts'
import { ACCESS_MATRIX } from './access-matrix.ts'
import {
  DOORS,
  knock,
  knockAtStream,
  TRPC_DOORS,
  type Door,
  type Input,
  type Procedure,
  type Reply,
} from './harness/matrix-doors.ts'
import { ENDS_SESSION, INPUTS, ONCE, type MakeInput } from './harness/matrix-inputs.ts'
import { MatrixWorld, PRINCIPALS, type Principal, type PrincipalName } from './harness/matrix-world.ts'

const STREAM = 'ws:/ws/trading-signals'

/** Operation id (or dotted name, where there is no endpoint) -> procedure. */
function listProcedures(): Map<string, Procedure> {
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { type: Procedure['type'] }; endpoint?: Endpoint }
  >
  return new Map(
    Object.entries(procedures).map(([name, { _def, endpoint = null }]) => {
      const known = endpoint !== null && isEndpoint(endpoint) ? endpoint : null
      return [known?.meta.operationId ?? name, { name, type: _def.type, endpoint: known }]
    }),
  )
}

/** These see nothing of the owner's strategy, in lists no more than by its id. */
const BLIND: readonly PrincipalName[] = ['anonymous', 'viewer', 'stranger']
/** What is stopped concerns everybody. */
const SEEN_BY_ALL = ['get_kill_switch']

const PROCEDURES = listProcedures()
const ROWS = Object.entries(ACCESS_MATRIX)
const operationOf = (row: string) => row.split(':')[0] ?? row

function doorsOf({ endpoint, type }: Procedure): readonly Door[] {
  if (type === 'subscription') return ['websocket']
  return endpoint === null ? TRPC_DOORS : DOORS
}

describe('the access matrix', () => {
  it('has a row for every operation, and no row without one', () => {
    const rows = new Set(ROWS.map(([row]) => (row === STREAM ? STREAM : operationOf(row))))
    expect([...rows].sort()).toEqual([...PROCEDURES.keys(), STREAM].sort())
  })

  it('has a cell for everybody', () => {
    for (const [row, cells] of ROWS) {
      for (const line of typeof cells === 'string' ? [cells] : Object.values(cells)) {
        expect([row, line?.trim().split(/ +/).length]).toEqual([row, PRINCIPALS.length])
      }
    }
  })

  it('has input for rows only', () => {
    const known = new Set([...PROCEDURES.keys(), ...ROWS.map(([row]) => row)])
    expect(Object.keys(INPUTS).filter((row) => !known.has(row))).toEqual([])
  })
})

describe('every cell of the access matrix', () => {
  let world: MatrixWorld
  beforeAll(async () => {
    world = await MatrixWorld.create()
  })
  afterAll(() => world.api.close())

  function wanted(row: string, door: Door): Record<PrincipalName, string> {
    const cells = ACCESS_MATRIX[row] ?? ''
    const line = typeof cells === 'string' ? cells : (cells[door] ?? cells.otherwise)
    const words = line.trim().split(/ +/)
    return Object.fromEntries(PRINCIPALS.map((name, index) => [name, words[index]])) as Record<
      PrincipalName,
      string
    >
  }

  /** `yes` for whoever is let in: it worked, or it was refused for a reason that is not who asked. */
  function outcome({ status, text }: Reply): string {
    if (status === 422 && text.includes('NOT_PERMITTED')) return '422'
    return [200, 201, 202, 409, 422].includes(status) ? 'yes' : String(status)
  }

  async function inputsFor(row: string, principal: Principal, count: number): Promise<Input[]> {
    const make: MakeInput = INPUTS[row] ?? INPUTS[operationOf(row)] ?? (() => ({}))
    const inputs: Input[] = []
    for (let i = 0; i < count; i++) inputs.push(await make(world, principal))
    return inputs
  }

  async function cell(row: string, procedure: Procedure, principal: Principal, door: Door): Promise<string> {
    const { credential } = principal
    const count = door === 'batch' && !ONCE.includes(operationOf(row)) ? 2 : 1
    const before = principal.password
    const inputs = await inputsFor(row, principal, count)
    const replies = await knock(door, { api: world.api, procedure, credential, inputs })
    expect(replies).toHaveLength(count)
    const outcomes = new Set(replies.map(outcome))
    if (!outcomes.has('yes')) principal.password = before
    if (BLIND.includes(principal.name) && procedure.type === 'query' && !SEEN_BY_ALL.includes(row)) {
      for (const { text } of replies) expect(text).not.toContain(world.strategyId)
    }
    if (ENDS_SESSION.includes(operationOf(row))) await world.enter(principal)
    return [...outcomes].join(' and ')
  }

  for (const [row] of ROWS) {
    const procedure = PROCEDURES.get(operationOf(row))
    if (procedure === undefined) continue
    for (const door of doorsOf(procedure)) {
      it(`${row} over ${door}`, async () => {
        const seen: Partial<Record<PrincipalName, string>> = {}
        for (const principal of world.principals) {
          seen[principal.name] = await cell(row, procedure, principal, door)
        }
        expect(seen).toEqual(wanted(row, door))
      })
    }
  }

  it('the literal stream', async () => {
    const seen: Partial<Record<PrincipalName, string>> = {}
    for (const { name, credential } of world.principals) {
      seen[name] = outcome(await knockAtStream(world.api, credential))
    }
    expect(seen).toEqual(wanted(STREAM, 'websocket'))
  })

  describe("another's resource answers like an unknown one, byte for byte", () => {
    const ids =
      /^(strategy_id|strategy_code|position_id|order_id|alert_id|run_id|sweep_id|walk_forward_id|ids|session_id|api_key_id)$/
    const unknownOf = (input: Input): Input =>
      Object.fromEntries(
        Object.entries(input).map(([field, value]) => {
          if (!ids.test(field) || typeof value !== 'string') return [field, value]
          // A list of ids: the second may stay.
          if (value.includes(',')) return [field, value.replace(/^[^,]*/, randomUUID())]
          return [field, value === world.strategyId ? 'nobody_v1'.slice(0, value.length) : randomUUID()]
        }),
      )

    /** Without what differs from one request to the next: ids, request ids, the moment. */
    function comparable({ status, text, headers }: Reply, inputs: readonly Input[]): unknown {
      let body = text.replace(/req-[\w-]+/g, 'REQUEST')
      for (const input of inputs) {
        for (const value of Object.values(input))
          if (typeof value === 'string') body = body.replaceAll(value, 'ID')
      }
      const kept = [...(headers ?? [])].filter(([name]) => !/^(date|x-request-id)$/.test(name))
      return { status, body: body.replaceAll(/"timestamp":"[^"]+"/g, '"timestamp":"NOW"'), headers: kept }
    }

    for (const [row, cells] of ROWS) {
      const procedure = PROCEDURES.get(operationOf(row))
      const words = typeof cells === 'string' ? cells.trim().split(/ +/) : []
      const strangers = PRINCIPALS.filter((_name, index) => words[index] === '404')
      if (procedure === undefined || strangers.length === 0) continue
      it(row, async () => {
        for (const name of strangers) {
          const principal = world.find(name)
          const [known = {}] = await inputsFor(row, principal, 1)
          const unknown = unknownOf(known)
          expect(unknown).not.toEqual(known)
          for (const door of doorsOf(procedure)) {
            const answers: unknown[] = []
            for (const input of [known, unknown]) {
              const parts = { api: world.api, procedure, credential: principal.credential, inputs: [input] }
              const [reply] = await knock(door, parts)
              if (reply !== undefined) answers.push(comparable(reply, [known, unknown]))
            }
            expect(answers[0]).toEqual(answers[1])
            expect(answers[0]).toMatchObject({ status: 404 })
          }
        }
      })
    }
  })
})
