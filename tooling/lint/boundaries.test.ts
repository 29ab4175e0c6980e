import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Tree } from './lint-tree.ts'

interface Rule {
  title: string
  file: string
  /** The one line that breaks the rule; the file is otherwise the same as `clean`. */
  bad: string
  clean: string
  /** A part of the message that says what to do instead. */
  says: string
}

const RULES: Rule[] = [
  {
    title: 'the domain imports nothing but decimal.js',
    file: 'packages/domain/src/x.ts',
    bad: "export * from 'node:fs'",
    clean: "export * from 'decimal.js'",
    says: 'Pass what you need in as a value',
  },
  {
    title: 'risk imports nothing but the domain',
    file: 'packages/risk/src/x.ts',
    bad: "export * from '@quantdeck/db'",
    clean: "export * from '@quantdeck/domain'",
    says: 'packages/risk is pure',
  },
  {
    title: 'the backtest engine imports nothing but the domain and risk',
    file: 'packages/backtest/src/x.ts',
    bad: "export * from 'kysely'",
    clean: "export * from '@quantdeck/risk'",
    says: 'packages/backtest is pure',
  },
  {
    title: 'contracts import nothing but zod',
    file: 'packages/contracts/src/v1/x.ts',
    bad: "export * from '@quantdeck/domain'",
    clean: "export * from '../endpoint.ts'",
    says: 'Repeat a string union here',
  },
  {
    title: 'the database does not know the contracts',
    file: 'packages/db/src/queries/x.ts',
    bad: "export * from '@quantdeck/contracts'",
    clean: "export * from '@quantdeck/domain'",
    says: 'Queries return domain values',
  },
  {
    title: 'an operation does not know the contracts',
    file: 'apps/api/src/features/alerts/operations.ts',
    bad: "export * from '@quantdeck/contracts'",
    clean: "export * from '@quantdeck/db'",
    says: 'let the adapter (v1.ts, rl.ts, deck.ts) validate and present',
  },
  {
    title: 'an operation in a file of its own does not know tRPC',
    file: 'apps/api/src/features/alerts/operations-list.ts',
    bad: "export * from '@trpc/server'",
    clean: "export * from '../../deps.ts'",
    says: 'know no wire',
  },
  {
    title: 'an operation does not reach up to a transport',
    file: 'apps/api/src/features/alerts/operations-up.ts',
    bad: "export * from '../../rest/bridge.ts'",
    clean: "export * from '../../auth/actor.ts'",
    says: 'never the other way round',
  },
  {
    title: 'the desk does not know zod',
    file: 'apps/api/src/desk/x.ts',
    bad: "export * from 'zod'",
    clean: "export * from '@quantdeck/risk'",
    says: 'take and return domain values',
  },
  {
    title: 'the desk does not know fastify',
    file: 'apps/api/src/desk/y.ts',
    bad: "export * from 'fastify'",
    clean: "export * from '@quantdeck/db'",
    says: 'take and return domain values',
  },
  {
    title: 'a v1 adapter does not query the database',
    file: 'apps/api/src/features/alerts/v1.ts',
    bad: "export * from '@quantdeck/db'",
    clean: "import { v1 } from '@quantdeck/contracts'; export const a = v1",
    says: 'Call an operation of operations.ts',
  },
  {
    title: 'a v1 adapter does not speak rl',
    file: 'apps/api/src/features/orders/v1.ts',
    bad: "import { rl } from '@quantdeck/contracts'; export const a = rl",
    clean: "export * from './present-v1.ts'",
    says: 'put the rl side into rl.ts',
  },
  {
    title: 'a v1 presenter does not borrow from the rl presenter',
    file: 'apps/api/src/features/orders/present-v1.ts',
    bad: "export * from './present-rl.ts'",
    clean: "export * from './operations.ts'",
    says: 'into operations.ts',
  },
  {
    title: 'an rl adapter does not query the database',
    file: 'apps/api/src/features/alerts/rl.ts',
    bad: "export * from 'kysely'",
    clean: "import { rl } from '@quantdeck/contracts'; export const a = rl",
    says: 'Call an operation of operations.ts',
  },
  {
    title: 'an rl adapter does not speak v1',
    file: 'apps/api/src/features/orders/rl.ts',
    bad: "import { v1 } from '@quantdeck/contracts'; export const a = v1",
    clean: "export * from './present-rl.ts'",
    says: 'put the v1 side into v1.ts',
  },
  {
    title: 'a deck adapter does not query the database',
    file: 'apps/api/src/features/alerts/deck.ts',
    bad: "export * from '@quantdeck/db'",
    clean: "export * from './operations.ts'",
    says: 'Call an operation of operations.ts',
  },
  {
    title: 'the dashboard takes only types from the API',
    file: 'apps/web/src/x.ts',
    bad: "import { a } from '@quantdeck/api/router'; export const b = a",
    clean: "import type { A } from '@quantdeck/api/router'; export type B = A",
    says: 'write import type',
  },
  {
    title: 'the dashboard does not compute with the domain',
    file: 'apps/web/src/y.ts',
    bad: "export * from '@quantdeck/domain'",
    clean: "export * from '@quantdeck/contracts'",
    says: 'Ask the server for the number',
  },
  {
    title: 'the CLI is a client of the contracts',
    file: 'apps/cli/src/x.ts',
    bad: "export * from '@quantdeck/db'",
    clean: "export * from '@quantdeck/contracts'",
    says: 'Add an endpoint instead of reaching into the server',
  },
  {
    title: 'only env.ts reads the environment',
    file: 'apps/api/src/auth/x.ts',
    bad: 'export const a = process.env.HOME',
    clean: 'export const a = 1',
    says: 'add the variable there',
  },
  {
    title: 'only main.ts exits the process',
    file: 'apps/api/src/server.ts',
    bad: 'export function a(): void { process.exit(1) }',
    clean: 'export function a(): void {}',
    says: 'return an exit code to main.ts',
  },
  {
    title: 'only main.ts and domain/time.ts read the clock',
    file: 'apps/api/src/desk/clock.ts',
    bad: 'export const a = Date.now()',
    clean: 'export const a = new Date(0)',
    says: 'take a Clock',
  },
]

const LINE_CASES = [
  { line: 'export const a = new Date()', bad: true },
  { line: 'export const a = [1].map(() => new Date)', bad: true },
  { line: 'export const a = Temporal.Now.instant()', bad: true },
  { line: "import { env } from 'node:process'; export const a = env", bad: true },
  { line: 'const { env } = process; export const a = env', bad: true },
  { line: 'export const a = new Date(5) // not new Date()', bad: false },
  { line: "import { z } from 'zod'; export const a = z", bad: true },
  { line: "import * as z from 'zod'; export const a = z", bad: false },
]

let bad: Tree
let clean: Tree

beforeAll(() => {
  bad = new Tree()
  clean = new Tree()
  for (const rule of RULES) {
    bad.write(rule.file, rule.bad)
    clean.write(rule.file, rule.clean)
  }
  bad.lint()
  clean.lint()
})

afterAll(() => {
  bad.remove()
  clean.remove()
})

describe('import boundaries', () => {
  it.each(RULES)('$title', ({ file, says }) => {
    expect(bad.messagesOf(file).join('\n')).toContain(says)
    expect(clean.messagesOf(file)).toEqual([])
  })

  it('lets domain/time.ts, main.ts, env.ts and tests do what the rest may not', () => {
    const tree = new Tree()
    tree.write('packages/domain/src/time.ts', 'export const a = Date.now()')
    tree.write('apps/api/src/main.ts', 'process.exit(1)')
    tree.write('apps/api/src/env.ts', 'export const a = process.env')
    tree.write('packages/domain/src/time.test.ts', "export * from 'vitest'")
    expect(tree.lint()).toBe(0)
    tree.remove()
  })

  it('refuses an import cycle and an unawaited promise', () => {
    const tree = new Tree()
    tree.write('apps/api/src/a.ts', "import { b } from './b.ts'; export const a = () => b()")
    tree.write('apps/api/src/b.ts', "import { a } from './a.ts'; export const b = () => a()")
    tree.write('apps/api/src/c.ts', 'export function c(): void { Promise.resolve(1) }')
    expect(tree.lint('--type-aware')).not.toBe(0)
    expect(tree.codesOf('apps/api/src/a.ts')).toContain('import(no-cycle)')
    expect(tree.codesOf('apps/api/src/c.ts')).toContain('typescript(no-floating-promises)')
    tree.remove()
  })
})

describe('check-boundaries.mjs', () => {
  it.each(LINE_CASES)('judges "$line"', ({ line, bad: isBad }) => {
    const tree = new Tree()
    tree.write('packages/contracts/src/x.ts', line)
    expect(tree.checkBoundaries().status).toBe(isBad ? 1 : 0)
    tree.remove()
  })

  it('names the line and the way out', () => {
    const tree = new Tree()
    tree.write('apps/api/src/x.ts', '/* a\n comment */\nexport const a = new Date()')
    expect(tree.checkBoundaries().stderr).toContain(
      'apps/api/src/x.ts:3 reads the system clock: take a Clock',
    )
    tree.remove()
  })

  it('refuses a dependency that the house does not allow', () => {
    const tree = new Tree()
    tree.write('packages/domain/package.json', '{"dependencies": {"zod": "1.0.0"}}')
    tree.write(
      'apps/cli/package.json',
      '{"dependencies": {"@quantdeck/db": "workspace:*", "csv-parse": "1"}}',
    )
    const { stderr } = tree.checkBoundaries()
    expect(stderr).toContain('packages/domain/package.json may not depend on zod')
    expect(stderr).toContain('apps/cli/package.json may not depend on @quantdeck/db')
    expect(stderr).not.toContain('csv-parse')
    tree.remove()
  })
})
