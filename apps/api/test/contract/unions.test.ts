import * as wire from '@quantdeck/contracts'
import * as domain from '@quantdeck/domain'
import { describe, expect, it } from 'vitest'

const SHARED = [
  'MODES',
  'TRADING_MODES',
  'STRATEGY_STATUSES',
  'CONTRACT_TYPES',
  'SIGNAL_TYPES',
  'TRADE_SIDES',
  'ORDER_SIDES',
  'ORDER_TYPES',
  'ORDER_STATUSES',
  'TIMES_IN_FORCE',
  'ORDER_ORIGINS',
  'REJECTED_BY',
  'RUN_STATUSES',
  'ALERT_SEVERITIES',
  'MARKET_STATUSES',
  'MODEL_HEALTH_STATUSES',
  'SERVICE_STATUSES',
  'ROLES',
  'TRADING_STATES',
  'SIGNAL_OUTCOMES',
  'V1_PERIODS',
  'RL_PERIODS',
] as const satisfies readonly (keyof typeof wire & keyof typeof domain)[]

/** The literal types of every shared list; one assignment each way fails to compile when they differ. */
type Lists<Module> = { [Name in (typeof SHARED)[number]]: Name extends keyof Module ? Module[Name] : never }
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
const sameTypes: Same<Lists<typeof wire>, Lists<typeof domain>> = true

describe('the string unions that contracts repeats from the domain', () => {
  it.each(SHARED)('%s is equal in both', (name) => {
    expect(wire[name]).toEqual(domain[name])
  })

  it('have equal types', () => {
    expect(sameTypes).toBe(true)
  })

  it('show every error code of the domain, but for the two that have words of their own on the wire', () => {
    const own = ['INVALID_PARAM', 'INVALID_CREDENTIALS']
    expect(domain.ERROR_CODES.filter((code) => !own.includes(code))).toEqual(wire.WIRE_ERROR_CODES)
  })
})
