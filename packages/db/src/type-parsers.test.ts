import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, describeEngines, type TestDatabase } from './testing/index.ts'

describeEngines('type parsers', (engine) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await createTestDatabase(engine)
  })
  afterAll(() => test?.close())

  const select = async (expression: string) => {
    const { rows } = await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(
      test.db.kysely,
    )
    return rows[0]?.value
  }

  it.each([
    [`12345678901234567890.10::numeric`, '12345678901234567890.10'],
    [`9007199254740991::int8`, Number.MAX_SAFE_INTEGER],
    [`'2026-01-07'::date`, '2026-01-07'],
    [`'{"a_b": [1, null]}'::jsonb`, { a_b: [1, null] }],
    [`array[1.50, null]::numeric[]`, ['1.50', null]],
    [`array['a', 'b "quoted", \\ c', 'NULL', null, '']::text[]`, ['a', 'b "quoted", \\ c', 'NULL', null, '']],
    [`'{}'::text[]`, []],
    [`array[0.1, 'Infinity']::float8[]`, [0.1, Infinity]],
    [`array[1, 2]::int8[]`, [1, 2]],
    [`interval '1 day 02:00:00'`, '1 day 02:00:00'],
    [`(select count(*) from (values (1), (2)) as v (n))`, 2],
    [`true`, true],
  ])('reads %s', async (expression, expected) => {
    expect(await select(expression)).toEqual(expected)
  })

  it('reads instants to the millisecond whatever the zone of the session', async () => {
    const at = new Date('2026-01-07T16:30:00.123Z')
    expect(await select(`'2026-01-07T16:30:00.123Z'::timestamptz(3)`)).toEqual(at)
    expect(await select(`'2026-01-07T11:30:00.123-05:00'::timestamptz(3)`)).toEqual(at)
  })

  it('reads bytea as bytes', async () => {
    expect(await select(`'\\x00ff10'::bytea`)).toEqual(Buffer.from([0, 255, 16]))
  })

  it('refuses a bigint that a number cannot hold', async () => {
    await expect(select(`9007199254740993::int8`)).rejects.toThrow(/safe integers/)
  })
})
