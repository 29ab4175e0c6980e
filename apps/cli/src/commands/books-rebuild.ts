import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Invocation, readArgs } from '../args.ts'
import { CliError } from '../errors.ts'

/** From source this file is .ts and so is the server beside it; built, both are .js. */
const EXTENSION = extname(import.meta.filename)
const SERVER = join(
  import.meta.dirname,
  '../../../api',
  EXTENSION === '.ts' ? 'src' : 'dist',
  `main${EXTENSION}`,
)

/**
 * Derives the books again from the fills and compares. The command line knows the wire only, so the server's own program
 * opens the database, with the same DATA_DIR or DATABASE_URL. @returns 1 when anything differs
 */
export async function rebuildBooks({ args }: Invocation): Promise<number> {
  const { values } = readArgs({ args, options: { json: { type: 'boolean' } } })
  if (!existsSync(SERVER))
    throw new CliError('books rebuild opens the database itself: run it where the server is installed')
  const options = values.json ? ['--json'] : []
  const child = spawn(process.execPath, [...process.execArgv, SERVER, 'books-rebuild', ...options], {
    stdio: 'inherit',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
