import { type Invocation, readArgs } from '../args.ts'
import { runServerProgram } from '../server-program.ts'

/** Derives the books again from the fills and compares. @returns 1 when anything differs */
export async function rebuildBooks({ args }: Invocation): Promise<number> {
  const { values } = readArgs({ args, options: { json: { type: 'boolean' } } })
  return runServerProgram('books-rebuild', values.json ? ['--json'] : [])
}
