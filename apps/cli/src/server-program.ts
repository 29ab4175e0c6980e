import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { CliError } from './errors.ts'

/** From source this file is .ts and so is the server beside it; built, both are .js. */
const EXTENSION = extname(import.meta.filename)
const SERVER = join(
  import.meta.dirname,
  '../../api',
  EXTENSION === '.ts' ? 'src' : 'dist',
  `main${EXTENSION}`,
)

/**
 * The command line knows the wire only: what needs the server's files or its database is done by the server's own program,
 * with the same DATA_DIR or DATABASE_URL. @returns its exit code
 */
export async function runServerProgram(command: string, args: readonly string[]): Promise<number> {
  if (!existsSync(SERVER)) {
    const name = command.replace('-', ' ')
    throw new CliError(`${name} works on the server's own data: run it where the server is installed`)
  }
  const child = spawn(process.execPath, [...process.execArgv, SERVER, command, ...args], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
