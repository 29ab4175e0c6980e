import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { Tree } from './lint-tree.ts'

const HEAD = `
import { appendAudit, transaction } from '@quantdeck/db'
import * as rows from '@quantdeck/db'
import { requireRole, type Actor } from '../../auth/actor.ts'
import { auditThing, writeChange } from '../other/operations.ts'
import type { Deps } from '../../deps.ts'
`

type Problem = 'permission' | 'audit'

interface Case {
  title: string
  code: string
  /** `apps/api/src/features/things/<file>`; `operations.ts` unless said. */
  file?: string
  problems: Problem[]
}

const SAYS: Record<Problem, string> = {
  permission: 'without asking first who may do this',
  audit: 'without an audit entry',
}

const CASES: Case[] = [
  {
    title: 'takes an operation that asks and writes an entry',
    code: `export async function make(deps: Deps, actor: Actor) {
      requireRole(actor, 'admin')
      await transaction(deps.db, async (trx) => { await appendAudit(trx, []) })
    }`,
    problems: [],
  },
  {
    title: 'finds the forgotten permission check',
    code: `export async function make(deps: Deps, actor: Actor) {
      await transaction(deps.db, async (trx) => { await appendAudit(trx, []) })
    }`,
    problems: ['permission'],
  },
  {
    title: 'finds the forgotten audit entry',
    code: `export async function make(deps: Deps, actor: Actor) {
      requireRole(actor, 'admin')
      await transaction(deps.db, async (trx) => { await rows.insertThing(trx) })
    }`,
    problems: ['audit'],
  },
  {
    title: 'finds both',
    code: `export const make = async (deps: Deps, actor: Actor) => rows.transaction(deps.db, async () => {})`,
    problems: ['permission', 'audit'],
  },
  {
    title: 'finds a check that comes after the write',
    code: `export async function make(deps: Deps, actor: Actor) {
      await transaction(deps.db, async (trx) => { await appendAudit(trx, []) })
      requireRole(actor, 'admin')
    }`,
    problems: ['permission'],
  },
  {
    title: 'knows that the desk writes as well',
    code: `export async function make(deps: Deps, actor: Actor) {
      return deps.desk.run('PAPER', (ctx) => ctx)
    }`,
    problems: ['permission', 'audit'],
  },
  {
    title: "takes an entry among the desk's changes, which it writes in the same transaction",
    code: `export async function make(deps: Deps, actor: Actor) {
      requireRole(actor, 'trader')
      return deps.desk.runTogether('PAPER', (ctx) => { ctx.changes.audit.push({}) })
    }
    export async function forget(deps: Deps, actor: Actor) {
      requireRole(actor, 'trader')
      return deps.desk.runTogether('PAPER', (ctx) => ctx)
    }`,
    problems: ['audit'],
  },
  {
    title: 'looks into the functions of the file that an operation calls',
    code: `export async function make(deps: Deps, actor: Actor) { return store(deps, actor) }
    async function store(deps: Deps, actor: Actor) { return transaction(deps.db, async () => {}) }`,
    problems: ['permission', 'audit'],
  },
  {
    title: 'finds check and entry in functions of the file',
    code: `export async function make(deps: Deps, actor: Actor) {
      const thing = await find(deps, actor)
      return store(deps, actor, thing)
    }
    async function find(deps: Deps, actor: Actor) { requireRole(actor, 'admin'); return 1 }
    async function store(deps: Deps, actor: Actor, thing: number) {
      return transaction(deps.db, async (trx) => { await note(trx, thing) })
    }
    async function note(trx: rows.Trx, thing: number) { await rows.appendAudit(trx, []) }`,
    problems: [],
  },
  {
    title: 'takes imported functions by their names: audit... and what the configuration names',
    code: `export async function make(deps: Deps, actor: Actor) {
      requireRole(actor, 'admin')
      await transaction(deps.db, async (trx) => { await auditThing(trx) })
    }
    export async function change(deps: Deps, actor: Actor) {
      requireRole(actor, 'admin')
      await transaction(deps.db, async (trx) => { await writeChange(trx) })
    }`,
    problems: [],
  },
  {
    title: 'does not end in functions that call each other',
    code: `export async function make(deps: Deps, actor: Actor): Promise<void> { await other(deps, actor) }
    async function other(deps: Deps, actor: Actor): Promise<void> {
      await transaction(deps.db, async () => {})
      await make(deps, actor)
    }`,
    problems: ['permission', 'audit'],
  },
  {
    title: 'leaves reading alone',
    code: `export async function list(deps: Deps, actor: Actor) { return rows.listThings(deps.db.kysely) }`,
    problems: [],
  },
  {
    title: 'takes every exported function of operations-....ts for an operation, also one without an actor',
    file: 'operations-more.ts',
    code: `export async function make(deps: Deps) { await transaction(deps.db, async () => {}) }`,
    problems: ['permission', 'audit'],
  },
  {
    title: 'finds a function in another file that is handed an actor',
    file: 'helpers.ts',
    code: `export async function make(deps: Deps, actor: Actor) { await transaction(deps.db, async () => {}) }`,
    problems: ['permission', 'audit'],
  },
  {
    title: 'lets jobs of the house write',
    file: 'job.ts',
    code: `export async function work(deps: Deps) { await transaction(deps.db, async () => {}) }`,
    problems: [],
  },
]

const pathOf = (index: number) =>
  `apps/api/src/features/case${index}/${CASES[index]?.file ?? 'operations.ts'}`

describe('the rule quantdeck/guarded-writes', () => {
  let tree: Tree
  beforeAll(() => {
    tree = new Tree()
    for (const [index, { code }] of CASES.entries()) tree.write(pathOf(index), HEAD + code)
    tree.lint()
  })
  afterAll(() => tree.remove())

  it.each(CASES.map((one, index) => ({ ...one, index })))('$title', ({ index, problems }) => {
    const found = tree.messagesOf(pathOf(index)).filter((message) => message.includes('write transaction'))
    expect(found).toHaveLength(problems.length)
    for (const problem of problems) expect(found.join('\n')).toContain(SAYS[problem])
  })

  it('fails the build', () => {
    const own = new Tree()
    own.write('apps/api/src/features/things/operations.ts', HEAD + (CASES[3]?.code ?? ''))
    expect(own.lint('--deny-warnings')).not.toBe(0)
    own.remove()
  })
})
