import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CHANGELOG, CONTRACT_VERSION } from '../src/version.ts'
import { schemaHash } from './schema-hash.ts'

const lock = JSON.parse(readFileSync(new URL('./schema-lock.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>

describe('the contract version', () => {
  it('changes whenever a schema changes', () => {
    expect(
      schemaHash(),
      'The schemas differ from those of this CONTRACT_VERSION. Raise it in src/version.ts with a CHANGELOG entry ' +
        '(or, while it is unreleased, add to its entry), then run `pnpm --filter @quantdeck/contracts schema:lock`.',
    ).toBe(lock[CONTRACT_VERSION])
  })

  it('is the newest entry of the changelog, above every older one', () => {
    expect(CHANGELOG[0]?.version).toBe(CONTRACT_VERSION)
    const numbers = CHANGELOG.map(({ version }) => version.split('.').map(Number))
    for (const [index, newer] of numbers.entries()) {
      const older = numbers[index + 1]
      if (older === undefined) continue
      const differing = newer.findIndex((part, place) => part !== older[place])
      expect(newer[differing]).toBeGreaterThan(older[differing] ?? 0)
    }
  })

  it('starts at the published version 1.0.0 of 2026-01-07', () => {
    expect(CHANGELOG.at(-1)).toMatchObject({ version: '1.0.0', date: '2026-01-07' })
  })
})
