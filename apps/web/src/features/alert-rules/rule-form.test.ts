import { deck } from '@quantdeck/contracts'
import { describe, expect, it } from 'vitest'
import { readRule, toForm } from './rule-form.ts'

const typed = { ...toForm(null), threshold: '7,5', repeat_minutes: '30', severity: 'ERROR' as const }

describe('a rule for alerts', () => {
  it('is what the operation takes, empty fields as null', () => {
    const input = { kind: typed.kind, strategy_id: null, ...readRule(typed) }
    expect(deck.alertRules.create.input.parse(input)).toEqual({
      kind: 'drawdown_warning',
      strategy_id: null,
      enabled: true,
      severity: 'ERROR',
      threshold: '7.5',
      dedupe_minutes: null,
      repeat_minutes: 30,
      escalate_minutes: null,
      escalate_webhook_id: null,
    })
  })

  it('says nothing of what cannot be changed, nor of a threshold where the kind has none', () => {
    const fixed = readRule({ ...typed, kind: 'kill_switch' })
    expect(Object.keys(fixed)).toEqual(['repeat_minutes', 'escalate_minutes', 'escalate_webhook_id'])
    expect(readRule({ ...typed, kind: 'cooldown' })).not.toHaveProperty('threshold')
  })
})
