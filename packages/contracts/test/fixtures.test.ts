import { describe, expect, it } from 'vitest'
import { type Fixture, parseFixture, rlFixtures, v1Fixtures } from '../src/fixtures/index.ts'
import { listEndpoints, rl, v1 } from '../src/index.ts'
import { fencedBlocks, jsonValuesOf, readDocuments } from './seeds.ts'

const all: [string, Fixture][] = [...Object.entries(v1Fixtures), ...Object.entries(rlFixtures)]

describe('the documents’ examples', () => {
  it.each(all)('%s parses, and every field of it is known', (_name, fixture) => {
    const expected =
      fixture.kind === 'request' ? { ...fixture.params, ...Object(fixture.value) } : fixture.value
    expect(parseFixture(fixture)).toMatchObject(expected)
    expect(unknownFields(expected, parseFixture(fixture))).toEqual([])
  })

  it('cover every operation that the documents show an example of', () => {
    const covered = new Set(all.map(([, fixture]) => fixture.endpoint?.meta.operationId))
    const missing = [...listEndpoints(v1), ...listEndpoints(rl)]
      .map(({ endpoint }) => endpoint.meta.operationId)
      .filter((id) => !covered.has(id))
    // The document describes this one in a sentence, without an example.
    expect(missing).toEqual(['get_service_health'])
  })

  const documents = readDocuments()
  it.skipIf(documents === null).each([
    ['v1', v1Fixtures, 25],
    ['rl', rlFixtures, 7],
  ] as const)('of %s are copied literally and none is forgotten', (name, fixtures, count) => {
    const blocks = fencedBlocks(documents?.[name] ?? '', 'json')
    expect(blocks).toHaveLength(count)
    for (const [index, block] of blocks.entries()) {
      const ours = Object.values<Fixture>(fixtures).filter((fixture) => fixture.block === index)
      expect(ours.map(({ value }) => value)).toEqual(jsonValuesOf(block))
    }
  })
})

/** Paths that are in `given` and not in `parsed`: zod objects drop what they do not know. */
function unknownFields(given: unknown, parsed: unknown, path = ''): string[] {
  if (typeof given !== 'object' || given === null) return []
  return Object.entries(given).flatMap(([key, value]) => {
    const inner = parsed as Record<string, unknown>
    return key in inner ? unknownFields(value, inner[key], `${path}/${key}`) : [`${path}/${key}`]
  })
}
