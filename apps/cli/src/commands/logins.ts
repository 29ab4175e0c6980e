import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliError } from '../errors.ts'
import { type Invocation, readArgs } from '../args.ts'

/** Prints what the first start wrote down. It works without a server, on the server's own machine. */
export function showLogins({ args, env }: Invocation): number {
  const { values } = readArgs({ args, options: { json: { type: 'boolean' } } })
  const path = join(env.dataDir, 'logins.json')
  if (!existsSync(path)) {
    throw new CliError(
      `there is no ${path}: start the server once, or set DATA_DIR to where it keeps its data`,
    )
  }
  const logins = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  if (values.json) {
    process.stdout.write(`${JSON.stringify(logins, null, 2)}\n`)
    return 0
  }
  const width = Math.max(...Object.keys(logins).map((email) => email.length))
  for (const [email, password] of Object.entries(logins)) {
    process.stdout.write(`${email.padEnd(width)}  ${password}\n`)
  }
  return 0
}
