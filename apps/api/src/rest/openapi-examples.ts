import type { Endpoint } from '@quantdeck/contracts'
import { rlFixtures, v1Fixtures, type Fixture } from '@quantdeck/contracts/fixtures'

import { isRlPath } from './errors.ts'

const FIXTURES: readonly Fixture[] = [...Object.values(v1Fixtures), ...Object.values(rlFixtures)]

/** As OpenAPI wants several examples, by name. */
export type Examples = Record<string, { summary: string; value: unknown }>

function named(fixtures: readonly Fixture[]): Examples {
  const entries = fixtures.map((fixture, index) => [
    index === 0 ? 'published' : `published_${index + 1}`,
    { summary: `As the ${fixture.document} document shows it`, value: fixture.value },
  ])
  return Object.fromEntries(entries) as Examples
}

/** The documents' own example bodies of a request; empty if they show none. */
export function requestExamples(endpoint: Endpoint): Examples {
  return named(FIXTURES.filter((fixture) => fixture.endpoint === endpoint && fixture.kind === 'request'))
}

/** The documents' own examples of an answer with this status: the operation's, else those of its whole family. */
export function responseExamples(endpoint: Endpoint, status: number): Examples {
  const fitting = FIXTURES.filter((fixture) => fixture.status === status && fixture.kind !== 'message')
  const own = fitting.filter((fixture) => fixture.endpoint === endpoint)
  if (own.length > 0) return named(own)
  const family = isRlPath(endpoint.meta.path) ? 'rl' : 'v1'
  return named(fitting.filter((fixture) => fixture.endpoint === undefined && fixture.document === family))
}
