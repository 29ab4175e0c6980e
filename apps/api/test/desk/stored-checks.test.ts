import { RISK_CODES_BY_RULE, type CheckResult, type RuleId } from '@quantdeck/risk'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChecks, storeChecks } from '../../src/desk/stored-checks.ts'

const code = fc.constantFrom(
  ...Object.entries(RISK_CODES_BY_RULE).flatMap(([id, codes]) =>
    codes.map((one) => ({ id: id as RuleId, code: one })),
  ),
)
/** Tabs, line ends and backslashes are what separates and escapes. */
const text = fc.oneof(fc.string(), fc.stringMatching(/^[\t\n\\ntr~.-]{0,12}$/))
const amount = fc.option(fc.constantFrom('0', '-0.05', '120.5', '1'), { nil: null })
const unit = fc.constantFrom('USD', 'units', 'orders', null)
const outcome = fc.constantFrom({ passed: true }, { passed: false }, {
  passed: true,
  skipped: 'off',
} as const)

const check: fc.Arbitrary<CheckResult> = fc
  .tuple(code, outcome, text, fc.record({ limit: amount, observed: amount, unit }), text, fc.boolean())
  .map(([rule, result, scope, numbers, message, isWhole]) => ({
    ...{ ...rule, ...result, scope, ...numbers },
    message: isWhole ? message : `${message} ${numbers.observed} ${numbers.unit}, limit ${numbers.limit}`,
    ...(message.length % 3 === 0 && { until: '2026-01-07T15:30:00.000Z' }),
  }))

describe('the checks of an order', () => {
  it('are read as they were stored, whatever is in their texts', () => {
    fc.assert(
      fc.property(fc.array(check, { maxLength: 50 }), (checks) => {
        expect(readChecks(JSON.parse(JSON.stringify(storeChecks(checks))))).toEqual(checks)
      }),
      { numRuns: 300 },
    )
  })

  it('are read from the plain rows of earlier versions, and none from nothing', () => {
    const row = {
      ...{ id: 'R02', code: 'NOT_PERMITTED', passed: true },
      scope: 'order',
      message: 'permitted',
    }
    expect(readChecks([{ ...row, limit: null, observed: null, unit: null }])).toMatchObject([row])
    expect([null, '', {}, 0].map(readChecks)).toEqual([[], [], [], []])
  })
})
